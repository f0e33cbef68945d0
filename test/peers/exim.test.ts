/**
 * An independent mail server: Exim accepts what the library sends, over TLS and with authentication, puts it
 * into a mailbox, refuses or defers it; the mailbox is then read.
 * Run by `EXIM=1 vitest run --config test/peers/vitest.config.ts`, as root; exim4 must be installed.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { simpleParser } from 'mailparser'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type DeliveryFailure, type SmtpOptions, smtpMailer } from '../../src/adapters/smtp.ts'
import { selfSigned } from '../support/certificate.ts'
import { codeMail, eserviceMail, everyMail, lockedMail, secretCode } from '../support/mails.ts'

const exim = '/usr/sbin/exim4'
const password = 'only-for-this-test'
const { key, cert } = selfSigned()

/** An Exim in its own directory. Recipients are refused or deferred by name; all others share a maildir. */
const configuration = (home: string) => `
primary_hostname = localhost
domainlist local_domains = participant.example : *.example
exim_user = mail
exim_group = mail
trusted_users = root
spool_directory = ${home}/spool
log_file_path = ${home}/log/%slog
pid_file_path = ${home}/exim.pid
keep_environment =
add_environment = PATH=/usr/bin:/bin
tls_advertise_hosts = *
tls_certificate = ${home}/cert.pem
tls_privatekey = ${home}/key.pem
auth_advertise_hosts = \${if eq{$tls_in_cipher}{}{}{*}}
host_lookup =
rfc1413_query_timeout = 0s
recipient_unqualified_hosts =
smtp_enforce_sync = true
smtp_accept_queue_per_connection = 0
acl_smtp_mail = acl_mail
acl_smtp_rcpt = acl_rcpt
acl_smtp_data = acl_data
begin acl
acl_mail:
  deny !authenticated = *
       message = 5.7.0 log in first
  accept
acl_rcpt:
  deny local_parts = unknown
       message = 5.1.1 no such reader
  defer local_parts = later
       message = 4.7.1 greylisted
  accept domains = +local_domains
  deny message = 5.7.1 relay not permitted
acl_data:
  deny condition = \${if match{$rh_subject:}{SPAM}}
       message = 5.7.1 that is spam
  accept
begin routers
local:
  driver = accept
  domains = +local_domains
  transport = maildir
begin transports
maildir:
  driver = appendfile
  directory = ${home}/mail
  envelope_to_add = true
  maildir_format
  create_directory
  user = mail
  group = mail
  mode = 0600
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = \${if and{{eq{$auth2}{ccass-2fa}}{eq{$auth3}{${password}}}}}
  server_set_id = $auth2
`

const freePort = async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** The processes whose command line contains the directory. */
const processesOf = (home: string) =>
  readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(home)
    } catch {
      return false
    }
  })

const answers = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('connect', () => resolve(socket.end() !== undefined))
    socket.on('error', () => resolve(false))
  })

describe.skipIf(process.env['EXIM'] !== '1')('Exim, with EXIM=1', () => {
  let home = ''
  let port = 0
  let daemon: ChildProcess

  beforeAll(async () => {
    expect(execFileSync(exim, ['-bV'], { encoding: 'utf8' })).toMatch(/^Exim version 4\./)
    home = mkdtempSync(join(tmpdir(), 'ccass-2fa-exim-'))
    chmodSync(home, 0o755)
    for (const part of ['spool', 'log', 'mail']) {
      mkdirSync(join(home, part))
      execFileSync('chown', ['mail:mail', join(home, part)])
    }
    writeFileSync(join(home, 'cert.pem'), cert)
    writeFileSync(join(home, 'key.pem'), key)
    execFileSync('chown', ['mail:mail', join(home, 'key.pem')])
    writeFileSync(join(home, 'exim.conf'), configuration(home))
    port = await freePort()
    daemon = spawn(exim, ['-C', join(home, 'exim.conf'), '-bdf', '-oX', `127.0.0.1.${port}`], {
      stdio: 'ignore',
    })
    await vi.waitFor(async () => expect(await answers(port)).toBe(true), { timeout: 10_000 })
  })

  afterAll(async () => {
    if (daemon !== undefined && daemon.exitCode === null) {
      daemon.kill()
      await once(daemon, 'exit')
    }
    // Deliveries are separate processes: when the last one has ended, nothing remains.
    await vi.waitFor(() => expect(processesOf(home)).toEqual([]), { timeout: 20_000, interval: 100 })
    if (home !== '') rmSync(home, { recursive: true, force: true })
  })

  const mailerTo = (options: Partial<SmtpOptions> = {}) => {
    const failures: DeliveryFailure[] = []
    const mailer = smtpMailer({
      host: 'localhost',
      port,
      certificate: { ca: cert },
      credentials: { user: 'ccass-2fa', password },
      from: { name: '中央結算系統', address: 'no-reply@participant.example' },
      locales: ['en', 'zh-Hant', 'zh-Hans'],
      onDeliveryFailure: (failure) => failures.push(failure),
      ...options,
    })
    return { mailer, failures }
  }

  /** The mails for a recipient, once a given number has arrived. */
  const mailbox = async (reader: string, n: number) => {
    const box = join(home, 'mail', 'new')
    const found = () =>
      (existsSync(box) ? readdirSync(box) : [])
        .map((file) => readFileSync(join(box, file), 'latin1'))
        .filter((mail) => mail.includes(`Envelope-to: ${reader}@`))
    await expect.poll(() => found().length, { timeout: 20_000 }).toBe(n)
    return Promise.all(found().map((mail) => simpleParser(Buffer.from(mail, 'latin1'))))
  }

  test('LOCK-11 OTP-06 ESV-08 ACC-17 · every mail arrives in the mailbox as it was sent', async () => {
    const { mailer, failures } = mailerTo()
    for (const [i, [, mail]] of everyMail.entries())
      expect(await mailer.send({ ...mail, to: `reader-${i}@participant.example` })).toBe('delivered')
    await mailer.close()
    expect(failures).toEqual([])
    for (const [i, [, mail]] of everyMail.entries()) {
      const [found] = await mailbox(`reader-${i}`, 1)
      expect(found?.headers.get('received')).toMatch(/with esmtpsa +\(TLS1/)
      for (const body of [found?.text, String(found?.html)]) {
        expect(body).toContain(mail.type === 'eservice' ? mail.reference : mail.userId)
        expect(body).toMatch(/[。：]/)
        if (mail.type === 'code') expect(body?.split(secretCode)).toHaveLength(4)
      }
    }
  })

  test('OTP-07 · mails are refused or deferred as the server answers, and the next mail is not affected', async () => {
    const { mailer, failures } = mailerTo({
      templates: { 'account-locked': () => ({ subject: 'SPAM', text: 't', html: 'h' }) },
    })
    expect(await mailer.send(codeMail({ to: 'unknown@participant.example' }))).toBe('refused')
    expect(await mailer.send(codeMail({ to: 'later@participant.example' }))).toBe('try-again')
    expect(await mailer.send(codeMail({ to: 'a@elsewhere.invalid' }))).toBe('refused')
    expect(await mailer.send(lockedMail())).toBe('refused')
    expect(await mailer.send(codeMail({ to: 'after-all@participant.example' }))).toBe('delivered')
    await mailer.close()
    expect(failures.map(({ step, reply, status }) => [step, reply, status])).toEqual([
      ['envelope', 550, '5.1.1'],
      ['envelope', 451, '4.7.1'],
      ['envelope', 550, '5.7.1'],
      ['message', 550, '5.7.1'],
    ])
    await mailbox('after-all', 1)
  })

  test('OTP-07 · fifty parallel mails arrive over a few connections, also at a domain in Chinese', async () => {
    const { mailer } = mailerTo({ connections: 3 })
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        mailer.send(eserviceMail({ to: 'crowd@例子.example', reference: `DA3_${i}` })),
      ),
    )
    expect(new Set(outcomes)).toEqual(new Set(['delivered']))
    await mailer.close()
    const found = await mailbox('crowd', 50)
    expect(new Set(found.map(({ messageId }) => messageId)).size).toBe(50)
  })

  test('PW-15 · a mail is deferred without credentials, with wrong ones, or with a certificate that is not trusted', async () => {
    for (const [options, step] of [
      [{ credentials: { user: 'ccass-2fa', password: 'wrong' } }, 'auth'],
      [{ certificate: {} }, 'connect'],
    ] as const) {
      const { mailer, failures } = mailerTo(options)
      expect(await mailer.send(lockedMail())).toBe('try-again')
      expect(failures).toMatchObject([{ step, uncertain: false }])
      await mailer.close()
    }
    const anonymous = smtpMailer({
      host: 'localhost',
      port,
      certificate: { ca: cert },
      from: 'no-reply@participant.example',
    })
    expect(await anonymous.send(lockedMail())).toBe('try-again')
    await anonymous.close()
  })
})
