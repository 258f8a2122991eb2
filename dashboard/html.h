/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The dashboard's page: a model as HTML. It holds no script and no style of
 * its own and loads nothing but its stylesheet and its script, which it can do
 * without, so a strict policy will do: default-src 'none'; style-src 'self';
 * script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none';
 * frame-ancestors 'none'.
 */
#ifndef USAGE_HTML_H
#define USAGE_HTML_H

#include "model.h"
#include "sink.h"

/**
 * Write the whole page, in the language that the query asks for, or else in
 * the sink's.
 *
 * @param model what to show
 * @param base  the URL path, not encoded, below which the handler answers, as
 *              seen from the page: the stylesheet is base/style.css. Absolute
 *              ("/usage-stats"), or relative to work behind any proxy: the
 *              last segment of the page's path ("usage-stats"), or "." where
 *              the page was asked for with a slash at its end
 * @param sink  gets UTF-8; it is flushed
 * @return what usage_sink_flush() returns
 */
apr_status_t usage_html_render(const usage_model_t *model, const char *base,
                               usage_sink_t *sink);

/**
 * Write a small page that says why there is no dashboard, as for a problem
 * of usage_query_parse().
 */
apr_status_t usage_html_problem(const char *problem, const char *base,
                                usage_sink_t *sink);

#endif
