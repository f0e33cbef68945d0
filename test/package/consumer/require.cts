// The types of `require`, where it may load ESM.
import core = require('ccass-2fa')
import account = require('ccass-2fa/account')
import argon2 = require('ccass-2fa/argon2')
import audit = require('ccass-2fa/audit')
import captureMailer = require('ccass-2fa/capture-mailer')
import conformance = require('ccass-2fa/conformance')
import dms = require('ccass-2fa/dms')
import eservices = require('ccass-2fa/eservices')
import listingCsv = require('ccass-2fa/listing-csv')
import memory = require('ccass-2fa/memory')
import messages = require('ccass-2fa/messages')
import migration = require('ccass-2fa/migration')
import migrationReport = require('ccass-2fa/migration-report')
import nodeCrypto = require('ccass-2fa/node-crypto')
import ocsf = require('ccass-2fa/ocsf')
import opentelemetry = require('ccass-2fa/opentelemetry')
import passwordList = require('ccass-2fa/password-list')
import pbkdf2 = require('ccass-2fa/pbkdf2')
import postgres = require('ccass-2fa/postgres')
import rateLimiter = require('ccass-2fa/rate-limiter')
import rules = require('ccass-2fa/rules')
import scrypt = require('ccass-2fa/scrypt')
import smtp = require('ccass-2fa/smtp')
import sqlite = require('ccass-2fa/sqlite')
import sqliteAsync = require('ccass-2fa/sqlite-async')
import systemClock = require('ccass-2fa/system-clock')
import testing = require('ccass-2fa/testing')
import webCrypto = require('ccass-2fa/web-crypto')

export const problem: string | undefined = rules.parseUserId('?').match(
  () => undefined,
  (refusal) => refusal.problem,
)
export const failedSignIns: number = core.defaultPolicy.lockout.failedSignIns
export const all: readonly object[] = [
  account,
  argon2,
  audit,
  captureMailer,
  conformance,
  dms,
  eservices,
  listingCsv,
  memory,
  messages,
  migration,
  migrationReport,
  nodeCrypto,
  ocsf,
  opentelemetry,
  passwordList,
  pbkdf2,
  postgres,
  rateLimiter,
  rules,
  scrypt,
  smtp,
  sqlite,
  sqliteAsync,
  systemClock,
  testing,
  webCrypto,
]
