// Every entry point through `require`; and what came so is what `import` gives.
const assert = require('node:assert/strict')
const { defaultPolicy } = require('ccass-2fa')
const { parseUserId } = require('ccass-2fa/rules')
const { webCryptoRandom } = require('ccass-2fa/web-crypto')
const others = [
  require('ccass-2fa/account'),
  require('ccass-2fa/argon2'),
  require('ccass-2fa/audit'),
  require('ccass-2fa/capture-mailer'),
  require('ccass-2fa/conformance'),
  require('ccass-2fa/dms'),
  require('ccass-2fa/eservices'),
  require('ccass-2fa/listing-csv'),
  require('ccass-2fa/memory'),
  require('ccass-2fa/messages'),
  require('ccass-2fa/migration'),
  require('ccass-2fa/migration-report'),
  require('ccass-2fa/node-crypto'),
  require('ccass-2fa/ocsf'),
  require('ccass-2fa/opentelemetry'),
  require('ccass-2fa/password-list'),
  require('ccass-2fa/pbkdf2'),
  require('ccass-2fa/postgres'),
  require('ccass-2fa/rate-limiter'),
  require('ccass-2fa/rules'),
  require('ccass-2fa/scrypt'),
  require('ccass-2fa/smtp'),
  require('ccass-2fa/sqlite'),
  require('ccass-2fa/sqlite-async'),
  require('ccass-2fa/system-clock'),
  require('ccass-2fa/testing'),
  require('ccass-2fa/web-crypto'),
]

const main = async () => {
  assert.equal(parseUserId('b0123401')._unsafeUnwrap().userId, 'B0123401')
  assert.equal(defaultPolicy, (await import('ccass-2fa')).defaultPolicy)
  for (const exported of others) assert.ok(Object.keys(exported).length > 0)
  assert.equal(webCryptoRandom().bytes(20).length, 20)
  console.log(`${others.length + 1} entry points required`)
}

main()
