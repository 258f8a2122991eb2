/* SPDX-License-Identifier: Apache-2.0 */
/* The files of assets/, embedded at build (build/embed-asset.awk). */
#ifndef USAGE_ASSETS_H
#define USAGE_ASSETS_H

#include <apr.h>

/** assets/style.css */
extern const char usage_style[];
extern const apr_size_t usage_style_length;

/** assets/script.js */
extern const char usage_script[];
extern const apr_size_t usage_script_length;

#endif
