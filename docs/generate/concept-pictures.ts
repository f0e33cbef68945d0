/** The pictures of docs/concepts. */
import type { Arrow, Box, Picture } from './picture.ts'

const box = (id: string, column: number, row: number, ...lines: string[]): Box => ({ id, column, row, lines })
const arrow = (from: string, to: string, label?: string): Arrow => ({
  from,
  to,
  ...(label === undefined ? {} : { label }),
})
const chain = (title: string, steps: readonly (readonly string[])[], labels: readonly string[]): Picture => ({
  title,
  boxes: steps.map((lines, column) => ({ id: `${column}`, lines, column, row: 0 })),
  arrows: labels.map((label, n) => arrow(`${n}`, `${n + 1}`, label)),
})

/** By file name, without `.svg`. */
export const conceptPictures: Readonly<Record<string, Picture>> = {
  accounts: {
    title: 'The stages of an account',
    cell: { width: 270, height: 120 },
    boxes: [
      box('unknown', 0, 0, 'Unknown', 'no account'),
      box('registered', 1, 0, 'Registered', 'no password'),
      box('set', 2, 0, 'PasswordSet', 'no OTP channel'),
      box('initialised', 3, 0, 'Initialised', '2FA is complete'),
      box('locked', 2, 1, 'Locked', 'nothing is verified'),
      box('deleted', 0, 1, 'Deleted', 'User ID not reused'),
    ],
    arrows: [
      arrow('unknown', 'registered', 'register'),
      arrow('registered', 'set', 'set password'),
      arrow('set', 'initialised', 'enrol channel'),
      arrow('set', 'locked', '5 failures'),
      arrow('initialised', 'locked', '5 failures'),
      arrow('locked', 'registered', 'unlock'),
      arrow('registered', 'deleted', 'delete, at any stage'),
    ],
  },
  challenges: {
    title: 'The challenges of a sign-in and of a password set-up',
    cell: { width: 275, height: 110 },
    boxes: [
      box('begin', 0, 0.5, 'signIn.begin', 'User ID and password'),
      box('otp', 1, 0, 'otp', 'one-time code'),
      box('enrol', 1, 1, 'enrolOtp', 'choose a channel'),
      box('change', 1, 2, 'changePassword', 'password expired'),
      box('session', 2, 0, 'Session', 'signed in'),
      box('page', 2, 1, 'sign-in page', 'sign in again'),
      box('forgot', 0, 3, 'passwordSetUp.begin', 'User ID'),
      box('code', 1, 3, 'confirmCode', 'emailed code'),
      box('new', 2, 3, 'complete', 'new password'),
    ],
    arrows: [
      arrow('begin', 'otp', 'challenge'),
      arrow('begin', 'enrol', 'challenge'),
      arrow('begin', 'change', 'challenge'),
      arrow('otp', 'session', 'confirmOtp'),
      arrow('enrol', 'page', 'confirm'),
      arrow('change', 'new', 'new password'),
      arrow('forgot', 'code', 'challenge'),
      arrow('code', 'new', 'same challenge'),
      arrow('new', 'page', 'done'),
    ],
  },
  enrolment: {
    title: 'Enrolling an OTP channel',
    cell: { width: 275, height: 110 },
    boxes: [
      box('choose', 0, 0.5, 'chooseChannel', 'app or email'),
      box('app', 1, 0, 'MobileApp', 'show QR code once'),
      box('mail', 1, 1, 'Email', 'code is emailed'),
      box('confirm', 2, 0.5, 'confirm', 'first right code'),
      box('done', 3, 0.5, 'Initialised', 'next: sign in'),
    ],
    arrows: [
      arrow('choose', 'app'),
      arrow('choose', 'mail'),
      arrow('app', 'confirm', 'app code'),
      arrow('mail', 'confirm', 'emailed code'),
      arrow('confirm', 'done'),
    ],
  },
  sessions: {
    title: 'The life of a session',
    cell: { width: 275, height: 110 },
    boxes: [
      box('confirm', 0, 0, 'confirmOtp', 'sign-in completed'),
      box('session', 1, 0, 'Session', 'in memory'),
      box('token', 2, 0, 'sealed token', 'in your session store'),
      box('valid', 1, 1, 'check: valid', 'act for the holder'),
      box('ended', 2, 1, 'session-ended', 'sign in again'),
    ],
    arrows: [
      arrow('confirm', 'session'),
      arrow('session', 'token', 'sessions.seal'),
      arrow('token', 'session', 'sessions.open'),
      arrow('session', 'valid', 'sessions.check'),
      arrow('session', 'ended', 'expired or revoked'),
    ],
  },
  lockout: chain(
    'When an account locks',
    [
      ['p wrong passwords', 'each is one failure'],
      ['o wrong codes', 'three make one failure'],
      ['p + ⌊o/3⌋', 'failed sign-ins'],
      ['5 or more', 'the account locks'],
    ],
    ['and', 'add up to', 'reaches'],
  ),
  'maker-and-checker': chain(
    'A change in DMS',
    [
      ['enter', 'by the maker'],
      ['review', 'by the checker'],
      ['getAuthorisationCode', 'by the checker'],
      ['confirm', 'on the maker’s page'],
      ['committed', 'request and account'],
    ],
    ['request', 'approves', 'code', 'one commit'],
  ),
  eservices: {
    title: 'The stages of an eService',
    cell: { width: 275, height: 110 },
    boxes: [
      box('draft', 0, 0, 'Draft', 'maker fills in'),
      box('ready', 1, 0, 'Ready to Send', 'has a reference'),
      box('claimed', 2, 0, 'Claimed', 'by one checker'),
      box('sent', 3, 0, 'Sent to HKEX', 'in HKEX’s inbox'),
      box('completed', 3, 1, 'Completed', 'an outcome per line'),
      box('discarded', 0, 1, 'Discarded', 'ends the draft'),
    ],
    arrows: [
      arrow('draft', 'ready', 'submit'),
      arrow('ready', 'draft', 'reclaim'),
      arrow('ready', 'claimed', 'claim'),
      arrow('claimed', 'ready', 'release, refer'),
      arrow('claimed', 'sent', 'confirm'),
      arrow('sent', 'completed', 'HKEX processes'),
      arrow('draft', 'discarded', 'discard'),
    ],
  },
  transition: chain(
    'The phases of the transition',
    [
      ['Before registration', 'smartcard'],
      ['Registration', 'emails are registered'],
      ['Parallel run', 'smartcard and 2FA'],
      ['Decommissioned', '2FA only'],
    ],
    ['opens', 'launch', 'decommission'],
  ),
  records: {
    title: 'One commit of a record and its trail',
    cell: { width: 275, height: 110 },
    boxes: [
      box('load', 0, 0, 'load', 'record at version n'),
      box('verify', 1, 0, 'verify outside', 'hashes, codes'),
      box('decide', 2, 0, 'decide', 'events or a refusal'),
      box('commit', 3, 0, 'commit', 'if still at version n'),
      box('answer', 4, 0, 'answer', 'the caller sees it'),
      box('state', 2.5, 1, 'state and vault', 'what is true now'),
      box('trail', 3.5, 1, 'trail and outbox', 'what happened, mail'),
    ],
    arrows: [
      arrow('load', 'verify'),
      arrow('verify', 'decide'),
      arrow('decide', 'commit'),
      arrow('commit', 'answer'),
      arrow('commit', 'state'),
      arrow('commit', 'trail'),
    ],
  },
}
