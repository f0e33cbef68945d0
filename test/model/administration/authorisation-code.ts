/** The Authorisation Codes of one checker. */
import {
  type AuthorisationCodeCommand,
  type AuthorisationCodeTypes,
  authorisationCodeDecider,
} from '../../../src/dms/model/authorisation-code.ts'
import { defaultPolicy } from '../../../src/policy/policy.ts'
import type { WatchedMachine } from '../watched.ts'

const at = 1_000_000
const validSeconds = 60
const requests = ['one request', 'another request']
const rounds = [0, 1]
const epochs = [0, 1]
/** The session expires before the code, with it, or after it. */
const sessionEnds = [at + 30_000, at + 60_000, at + 90_000]

interface Memory {
  readonly issued?: { readonly request: string; readonly codeRound: number; readonly sessionEpoch: number }
  readonly used: boolean
  /** Half minutes since it was issued, and until its session expires. */
  readonly age: number
}

const commandsOf = (): readonly AuthorisationCodeCommand[] => [
  ...requests.flatMap((request) =>
    rounds.flatMap((codeRound) =>
      epochs.flatMap((sessionEpoch) =>
        sessionEnds.map(
          (sessionExpiresAt) =>
            ({
              ...{
                type: 'IssueAuthorisationCode' as const,
                at,
                request,
                codeRound,
                sessionEpoch,
                sessionExpiresAt,
              },
              ...{ entryDigest: 'entry', credential: 'code' },
            }) as const,
        ),
      ),
    ),
  ),
  ...requests.flatMap((request) =>
    rounds.flatMap((codeRound) =>
      epochs.flatMap((sessionEpoch) =>
        [true, false].map(
          (matches) =>
            ({ type: 'UseAuthorisationCode', at, request, codeRound, sessionEpoch, matches }) as const,
        ),
      ),
    ),
  ),
]

/** The codes of one checker for two requests, in two rounds and two sessions. */
export const authorisationCodeMachine: WatchedMachine<AuthorisationCodeTypes, Memory> = {
  name: "a checker's Authorisation Codes",
  decider: authorisationCodeDecider,
  rules: {
    dms: {
      ...defaultPolicy.dms,
      authorisationCode: { ...defaultPolicy.dms.authorisationCode, validSeconds },
    },
  },
  commandsOf,
  passes: {
    'half a minute passes': (state) =>
      state.stage === 'Issued' ? { ...state, expiresAt: state.expiresAt - 30_000 } : state,
  },
  normalised: (state) =>
    state.stage === 'Issued' ? { ...state, expiresAt: Math.max(at, state.expiresAt) } : state,
  nothing: { used: true, age: 0 },
  remember: (memory, { command, events }) => {
    if (command.type === 'IssueAuthorisationCode') {
      const { request, codeRound, sessionEpoch } = command
      return { issued: { request, codeRound, sessionEpoch }, used: false, age: 0 }
    }
    return events.length === 0 ? memory : { used: true, age: 0 }
  },
  invariants: [
    {
      rule: 'DMS-04',
      name: 'a code is used once',
      holds: ({ events, remembered }) =>
        !events.some(({ type }) => type === 'AuthorisationCodeUsed') || !remembered.used,
    },
    {
      rule: 'DMS-04',
      name: 'a code is used only if it is the right one, and in its time',
      holds: ({ before, command, events }) =>
        !events.some(({ type }) => type === 'AuthorisationCodeUsed') ||
        (command.type === 'UseAuthorisationCode' &&
          command.matches &&
          before.stage === 'Issued' &&
          at < before.expiresAt),
    },
    {
      rule: 'DMS-09',
      name: 'a code is used only for the request, the round and the session for which it was issued',
      holds: ({ command, events, remembered: { issued } }) =>
        !events.some(({ type }) => type === 'AuthorisationCodeUsed') ||
        (command.type === 'UseAuthorisationCode' &&
          command.request === issued?.request &&
          command.codeRound === issued.codeRound &&
          command.sessionEpoch === issued.sessionEpoch),
    },
    {
      rule: 'DMS-04',
      name: 'a code is valid no longer than the policy allows, nor than the session in which it was issued',
      holds: ({ command, after }) =>
        command.type !== 'IssueAuthorisationCode' ||
        (after.stage === 'Issued' &&
          after.expiresAt <= at + validSeconds * 1_000 &&
          after.expiresAt <= command.sessionExpiresAt),
    },
  ],
  nameOf: ({ type, at: _at, ...facts }) =>
    `${type} (${Object.entries(facts)
      .map(([name, value]) => `${name} ${String(value)}`)
      .join(', ')})`,
}
