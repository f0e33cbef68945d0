// Every entry point through `require`; and what came so is what `import` gives.
const assert = require('node:assert/strict')
const { defaultPolicy, parseUserId } = require('ccass-2fa')
const others = [
  require('ccass-2fa/argon2'),
  require('ccass-2fa/capture-mailer'),
  require('ccass-2fa/memory'),
  require('ccass-2fa/postgres'),
  require('ccass-2fa/sqlite'),
  require('ccass-2fa/system-clock'),
  require('ccass-2fa/testing'),
  require('ccass-2fa/web-crypto'),
  require('ccass-2fa/listing-csv'),
  require('ccass-2fa/smtp'),
  require('ccass-2fa/password-list'),
  require('ccass-2fa/rate-limiter'),
  require('ccass-2fa/node-crypto'),
  require('ccass-2fa/migration-report'),
]

const main = async () => {
  assert.equal(parseUserId('b0123401')._unsafeUnwrap().userId, 'B0123401')
  assert.equal(defaultPolicy, (await import('ccass-2fa')).defaultPolicy)
  for (const exported of others) assert.ok(Object.keys(exported).length > 0)
  const random = others[7].webCryptoRandom()
  assert.equal(random.bytes(20).length, 20)
  console.log(`${others.length + 1} entry points required`)
}

main()
