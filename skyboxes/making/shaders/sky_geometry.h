// SPDX-License-Identifier: GPL-3.0-or-later
// Where a ray from the ground meets a shell of the atmosphere. Lengths in kilometres, z up.

#define EARTH_RADIUS 6371.0
#define PIXEL_ANGLE 0.00153  // radians a pixel of a 4096 wide panorama

// Distance to the shell at `altitude` for a ray that rises with the sine `rise` >= 0.
// A parabola stands for the sphere: exact to a metre for the altitudes of clouds, and, unlike the
// quadratic of the sphere, not a difference of two large numbers.
float distance_to_shell(float altitude, float rise)
{
    return 2 * altitude / (rise + sqrt(rise * rise + 2 * altitude * (1 - rise * rise) / EARTH_RADIUS));
}

// Altitude of the point at `distance` along a ray that rises with the sine `rise`.
float altitude_at(float distance, float rise)
{
    return distance * rise + distance * distance * (1 - rise * rise) / (2 * EARTH_RADIUS);
}

// Direction that a background ray looks in. Below the horizon it is held at the horizon.
vector look_direction(vector incoming, float lowest)
{
    vector d = normalize(-incoming);
    if (d[2] >= lowest)
        return d;
    float flat_length = max(1e-6, sqrt(d[0] * d[0] + d[1] * d[1]));
    float k = sqrt(1 - lowest * lowest) / flat_length;
    return vector(d[0] * k, d[1] * k, lowest);
}
