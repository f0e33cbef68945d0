/** docs/recipes.md: the files of test/recipes, which CI runs. */
import { readFileSync } from 'node:fs'
import { inPackage } from './tree.ts'

const recipes = [
  [
    'What all of them share',
    'http.ts',
    'The cookie, the context of a call, and a refusal as problem details (RFC 9457).',
  ],
  [
    'Express',
    'express.ts',
    "Set `app.set('trust proxy', …)` to your own proxies: `request.ip` is the source that the rate limiter counts.",
  ],
  [
    'Fastify',
    'fastify.ts',
    'Set the option `trustProxy` to your own proxies: `request.ip` is the source that the rate limiter counts.',
  ],
  [
    'Next.js route handlers',
    'next.ts',
    'Each handler is a function from `Request` to `Response`. They run in every server that has these types, and were tried without Next.js itself.',
  ],
  [
    'NestJS',
    'nest.ts',
    'Controllers throw, and a filter answers. With Express underneath; set `trust proxy` there.',
  ],
] as const

/** The page. */
export const recipesPage = (): string => {
  const parts = recipes.map(([title, file, about]) => {
    const code = readFileSync(inPackage(`test/recipes/${file}`), 'utf8').trimEnd()
    return `## ${title}\n\n${about}\n\n\`\`\`ts\n// ${file}\n${code}\n\`\`\``
  })
  return `${[
    '# Recipes',
    'Sign-in with password and one-time code, a session cookie, and sign-out, over JSON: for Express, Fastify, Next.js route handlers and NestJS. Each passes `auth`, made by [createAuthentication](getting-started.md), to one function.',
    'This page is generated from `test/recipes` by `npm run docs:generate`. CI type-checks the files, starts each server, and runs the same story through it: a refusal in Chinese, a sign-in, a wrong code, the session, and the old cookie, which is refused after the sign-out.',
    [
      '- **Refusals** become problem details with a suggested status, a text in the language of `Accept-Language`, and `Retry-After`. No recipe has a list of codes ([Errors](errors.md)).',
      '- **The cookie** is `__Host-session`: `Secure`, `HttpOnly`, `SameSite=Strict`. It holds a session sealed by the library; every request opens and checks it. [Sessions in a web application](sessions.md) explains why, and covers renewal, CSRF and fixation.',
      '- **Cross-site requests**: `SameSite=Strict`, and only JSON bodies are read. For HTML forms, add an `Origin` check and a token, as the [portal](../examples/portal/README.md) does.',
      '- **The challenge** goes to the caller as it is. It is a secret: over TLS only, and not into logs.',
      '- **Not shown**: password set-up, enrolment, self-service. They are called in the same way; the portal shows all of them.',
    ].join('\n'),
    ...parts,
  ].join('\n\n')}\n`
}
