/**
 * The code of a server's reply, from 200 to 599. Every line of a reply must have the same code (RFC 5321, 4.2.1):
 * a reply that contradicts itself, or is none, gives `undefined`, and decides nothing.
 */
export const replyCode = (reply: unknown): number | undefined => {
  if (typeof reply !== 'string') return undefined
  const codes = new Set(reply.split('\n').map((line) => /^([2-5]\d\d)(?!\d)/.exec(line)?.[1]))
  const [code] = codes
  return codes.size === 1 && code !== undefined ? Number(code) : undefined
}

/**
 * Whether a reply decides what nodemailer took it for: an acceptance is 2xx, a refusal 4xx or 5xx. An error
 * without a reply is one of the connection.
 */
export const isDecision = (reply: unknown, accepts: boolean): boolean => {
  const code = replyCode(reply) ?? 0
  return accepts ? code >= 200 && code < 300 : reply === undefined || code >= 400
}

/** The enhanced status code at the start of a reply (RFC 3463), such as `5.1.1`. */
export const enhancedStatus = (reply: unknown): string | undefined =>
  replyCode(reply) === undefined
    ? undefined
    : /^\d{3}[ -]([245]\.[0-7]\.\d{1,3})(?:\s|$)/.exec(String(reply))?.[1]
