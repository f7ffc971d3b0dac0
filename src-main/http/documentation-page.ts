/**
 * `read`: nothing can be sent. `read-only`: the same where there is no page to go on to. `try`: requests
 * can be sent with the credential that a person shows.
 */
export type PageForm = 'read' | 'read-only' | 'try'

const notices: Readonly<Record<PageForm, string>> = {
  read: 'This page is for reading. <a href="/docs/try/">Try requests</a> with a credential of the vault.',
  'read-only':
    'This page is for reading. Requests are tried from a browser, at /docs/try/ of the local API.',
  try:
    'Requests from this page reach the vault itself. They carry the client certificate that the ' +
    'browser offers, or the token that you enter under Authorize; a reload forgets it. ' +
    '<a href="/docs/">Back to reading</a>.',
}

/** The page, without a script or style of its own in it: its policy allows none. */
export function documentationPage(form: PageForm): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Coffret API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/swagger-ui.css">
<link rel="stylesheet" href="/docs/page.css">
</head>
<body>
<p class="notice">${notices[form]}</p>
<main id="swagger-ui"></main>
<noscript><p class="notice">The page needs JavaScript; the description itself is at /openapi.json.</p></noscript>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/${form}.js"></script>
</body>
</html>
`
}

/**
 * Starts Swagger UI. No validator, since that is a request to somebody else; no credential kept; and no
 * settings from the address, where a link could put them.
 */
export function pageScript(form: PageForm): string {
  const common = {
    url: '/openapi.json',
    dom_id: '#swagger-ui',
    docExpansion: 'none',
    defaultModelsExpandDepth: -1,
    persistAuthorization: false,
    queryConfigEnabled: false,
    validatorUrl: null,
  }
  const reading = { ...common, supportedSubmitMethods: [] }
  return form === 'try'
    ? `SwaggerUIBundle(${JSON.stringify(common)})\n`
    : `const nothing = () => null
const withoutCredentials = () => ({
  wrapComponents: { authorizeBtn: () => nothing, authorizeOperationBtn: () => nothing },
})
SwaggerUIBundle({ ...${JSON.stringify(reading)}, plugins: [withoutCredentials] })
`
}

/** The line above Swagger UI. */
export const pageStyle = `body { margin: 0; background: #fafafa }
.notice { margin: 0; padding: 0.75rem 1.25rem; background: #1b1b1b; color: #fff; font: 1rem/1.5 sans-serif }
.notice a { color: #8fc7ff }
`
