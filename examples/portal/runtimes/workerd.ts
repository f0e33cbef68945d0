/**
 * The portal as a Worker, on workerd: a D1 database, and PBKDF2 with WebCrypto. It needs the compatibility
 * flag `nodejs_compat` and the bindings in {@link Bindings}.
 */
import { pbkdf2Hasher } from 'ccass-2fa/pbkdf2'
import { type D1Client, sqliteAsyncStorage } from 'ccass-2fa/sqlite-async'
import { openPortal } from '../open.ts'

/** The bindings of the Worker. */
export interface Bindings {
  readonly DB: D1Client
  /** Cloudflare's rate limiting, which counts for all isolates of a location. */
  readonly LIMITER: { limit(options: { readonly key: string }): Promise<{ readonly success: boolean }> }
  /** The texts of `style.css` and of the listing that the migration page offers. */
  readonly STYLE: string
  readonly LISTING: string
  readonly PORTAL_ORIGIN?: string
}

const open = ({ DB, LIMITER, STYLE, LISTING, PORTAL_ORIGIN }: Bindings) =>
  openPortal({
    storage: sqliteAsyncStorage(DB),
    passwordHasher: pbkdf2Hasher({ iterations: 100_000 }), // the most that Cloudflare allows
    rateLimiter: {
      consume: async ({ source }) => {
        const { success } = await LIMITER.limit({ key: source })
        return success ? { allowed: true } : { allowed: false, retryAfterSeconds: 60 }
      },
    },
    css: STYLE,
    sampleListing: LISTING,
    // Cloudflare sets this header, and a client cannot.
    sourceOf: (c) => c.req.header('cf-connecting-ip'),
    ...(PORTAL_ORIGIN === undefined ? {} : { publicOrigin: PORTAL_ORIGIN }),
  })

let portal: ReturnType<typeof open> | undefined

export default {
  fetch: async (
    request: Request,
    bindings: Bindings,
    context: { waitUntil(promise: Promise<unknown>): void },
  ): Promise<Response> => {
    // A Worker has no bindings and no randomness before its first request, so that request opens the portal.
    portal ??= open(bindings).catch((error: unknown) => {
      portal = undefined // the next request tries again
      throw error
    })
    context.waitUntil(portal) // even if the client of that request goes away
    return (await portal).fetch(request, bindings)
  },
}
