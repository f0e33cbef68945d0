// The types of `require`, where it may load ESM.
import core = require('ccass-2fa')
import argon2 = require('ccass-2fa/argon2')
import captureMailer = require('ccass-2fa/capture-mailer')
import listingCsv = require('ccass-2fa/listing-csv')
import memory = require('ccass-2fa/memory')
import migrationReport = require('ccass-2fa/migration-report')
import nodeCrypto = require('ccass-2fa/node-crypto')
import passwordList = require('ccass-2fa/password-list')
import postgres = require('ccass-2fa/postgres')
import rateLimiter = require('ccass-2fa/rate-limiter')
import smtp = require('ccass-2fa/smtp')
import sqlite = require('ccass-2fa/sqlite')
import systemClock = require('ccass-2fa/system-clock')
import testing = require('ccass-2fa/testing')
import webCrypto = require('ccass-2fa/web-crypto')

export const problem: string | undefined = core.parseUserId('?').match(
  () => undefined,
  (refusal) => refusal.problem,
)
export const all: readonly object[] = [
  argon2,
  captureMailer,
  listingCsv,
  memory,
  migrationReport,
  nodeCrypto,
  passwordList,
  postgres,
  rateLimiter,
  smtp,
  sqlite,
  systemClock,
  testing,
  webCrypto,
]
