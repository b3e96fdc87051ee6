// SPDX-License-Identifier: GPL-3.0-or-later

// Henyey-Greenstein phase function times 4 pi: 1 everywhere for g = 0.
// (L. Henyey and J. Greenstein, "Diffuse radiation in the galaxy", 1941.)
float henyey_greenstein(float cosine, float g)
{
    float d = 1 + g * g - 2 * g * cosine;
    return (1 - g * g) / (d * sqrt(d));
}

// A cloud droplet: strong forward peak (the bright rim towards the sun) and a weak backward lobe.
float droplet_phase(float cosine, float g)
{
    return 0.75 * henyey_greenstein(cosine, g) + 0.25 * henyey_greenstein(cosine, -0.35 * g);
}

// Sunlight that arrives through optical depth `depth`, scattered once and more: each further order is dimmer,
// less directed and less absorbed.
// (M. Wrenninge, C. Kulla, V. Lundqvist, "Oz: the great and volumetric", SIGGRAPH 2013 talks.)
float scattered_sun(float depth, float cosine, float g, float spread)
{
    float sum = 0;
    float light = 1;
    float absorption = 1;
    float forward = g;
    for (int order = 0; order < 4; order++) {
        sum += light * droplet_phase(cosine, forward) * exp(-absorption * depth);
        light *= spread;
        absorption *= 0.35;
        forward *= 0.55;
    }
    return sum;
}

// Part of diffuse light that comes through cloud of optical depth `depth` (asymmetry 0.85, no absorption).
// (C. Bohren, "Multiple scattering of light and some of its observable consequences", Am. J. Phys. 55, 1987.)
float diffuse_transmission(float depth)
{
    return 1 / (1 + 0.5 * (1 - 0.85) * depth);
}
