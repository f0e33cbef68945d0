/** Instructions for trying the service with curl, printed when it starts in development. */
export const tryIt = (address: string, token = ''): string => `
It listens on ${address}; what it keeps is gone when it stops (Ctrl-C). In another shell:

  url=${address} INTERNAL_TOKEN=${token}
  post() { curl -s "$url/$1" -H 'content-type: application/json' -d "$2" "\${@:3}"; echo; }

  # An account with nothing but an email (HKEX's side; see README.md)
  post internal/accounts '{"userId":"B0123401","role":"User","origin":"created","email":"a@b.example","by":"me"}' \\
    -H "authorization: Bearer $INTERNAL_TOKEN"

  # First sign-in: a code by mail, which is shown here in development only
  post password '{"userId":"B0123401"}'                          # answers a challenge
  curl -s $url/insecure-development/codes/B0123401
  post password/code '{"challenge":"…","code":"…"}'
  post password/complete '{"challenge":"…","password":"Correct-Horse#Battery9","confirmation":"Correct-Horse#Battery9"}'
  post sign-in '{"userId":"B0123401","password":"Correct-Horse#Battery9","system":"CCASS/CCMS"}'
  post channel '{"challenge":"…","channel":"Email"}'             # or MobileApp: answers an otpauth:// URI
  post channel/confirm '{"challenge":"…","code":"…"}'

  # From then on: password, then code; the answer holds a token
  post sign-in '{"userId":"B0123401","password":"Correct-Horse#Battery9","system":"CCASS/CCMS"}'
  post sign-in/otp '{"challenge":"…","code":"…"}'
  curl -s $url/me -H 'authorization: Bearer …'
`
