// SPDX-License-Identifier: GPL-3.0-or-later
// Noise shared by the cloud shaders. Points are in units of the noise's own wavelength.

// Sum of octaves of gradient noise, about -1..1. `octaves` may be fractional: the last one fades in,
// so the level of detail can follow the distance without a visible step.
float fbm(point p, float octaves, float gain)
{
    float sum = 0;
    float amplitude = 1;
    float total = 0;
    point q = p;
    int count = (int)ceil(octaves);
    for (int i = 0; i < count; i++) {
        float weight = amplitude * min(1, octaves - i);
        sum += weight * noise("perlin", q);
        total += amplitude;
        amplitude *= gain;
        // 2.03 rather than 2, and an offset: lattices of successive octaves must not line up.
        q = q * 2.03 + point(17.3, 9.1, 4.7);
    }
    return sum / total;
}

// Billowed noise, 0 (creases) to about 1 (round heads): the cauliflower look of convective cloud.
float billow(point p, float octaves, float gain)
{
    float sum = 0;
    float amplitude = 1;
    float total = 0;
    point q = p;
    int count = (int)ceil(octaves);
    for (int i = 0; i < count; i++) {
        float weight = min(1, octaves - i);
        // 0.22 is about the mean of |noise|: an octave that fades out leaves its mean behind.
        float value = abs(noise("perlin", q));
        sum += amplitude * (weight * value + (1 - weight) * 0.22);
        total += amplitude;
        amplitude *= gain;
        q = q * 2.13 + point(5.7, 13.9, 8.3);
    }
    return 1.9 * sum / total;
}

// Inverted distance to the nearest of scattered cell centres in the plane: 1 at a centre, 0 far away.
// (S. Worley, "A cellular texture basis function", SIGGRAPH 1996.)
float cells(float x, float y, float salt)
{
    float cx = floor(x);
    float cy = floor(y);
    float nearest = 4;
    for (int j = -1; j <= 1; j++) {
        for (int i = -1; i <= 1; i++) {
            vector r = noise("cell", point(cx + i + 0.5, cy + j + 0.5, salt));
            float dx = cx + i + r[0] - x;
            float dy = cy + j + r[1] - y;
            nearest = min(nearest, dx * dx + dy * dy);
        }
    }
    return max(0, 1 - sqrt(nearest));
}

// Value in 0..1 that looks random from one direction to the next: where a ray starts inside its first step.
float dither(vector direction)
{
    return noise("hash", point(direction) * 9173.0);
}
