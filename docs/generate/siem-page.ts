/** docs/siem.md: how the trail reaches a SIEM, and the mapping to OCSF as the code has it. */
import { readFileSync } from 'node:fs'
import { type OcsfMapping, ocsfMappings, ocsfVersion } from '../../src/adapters/ocsf.ts'
import { head, row } from './rulebook-page.ts'
import { regionsOf } from './snippets.ts'
import { inPackage } from './tree.ts'
import { ruleLink } from './words.ts'

const snippet = () =>
  regionsOf(readFileSync(inPackage('examples/siem-feed/deliver.ts'), 'utf8')).get('deliver')

const cells = ({ event, when, type, typeUid, status, severity }: OcsfMapping) =>
  row(`\`${event}\``, when ?? '', type, String(typeUid), status, severity)

/** Refused operations of an account are the same wherever they are recorded. */
const shown = ocsfMappings.filter(({ kind }) => kind !== 'refusals')

const titles: Readonly<Record<string, string>> = {
  account: 'Accounts, and refusals to callers who are not signed in',
  participant: 'Participants',
  request: 'Requests between maker and checker',
  'pending-requests': 'Pending requests of a maker',
  authorisation: 'Authorisation Codes',
  eservice: 'eService forms',
  'reference-counter': 'Reference numbers',
  inbox: "HKEX's inbox",
}

const table = (kind: string) =>
  [
    `### ${titles[kind]}`,
    [
      head('Event', 'When', 'Class: activity', 'type_uid', 'Status', 'Severity'),
      ...shown.filter((mapping) => mapping.kind === kind).map(cells),
    ].join('\n'),
  ].join('\n\n')

/** The page. */
export const siemPage = (): string =>
  `${[
    '# Security events for a SIEM',
    `\`audit.feed\` delivers every entry of the audit trail (${ruleLink('AUD-09')}), and \`toOcsf\` of \`ccass-2fa/ocsf\` converts an entry to an event of the [Open Cybersecurity Schema Framework](https://schema.ocsf.io) (OCSF), version ${ocsfVersion}. The function is pure. A test validates the events of every kind of record against the schema.`,
    'This page is generated from `src/adapters/ocsf` and `examples/siem-feed` by `npm run docs:generate`.',
    '## Deliver events',
    "This function appends the events to a file, one JSON object a line. Your SIEM's agent tails the file. To send the events over HTTP instead, replace the append, and store the cursor once the receiver has answered.",
    `\`\`\`ts\n${snippet()}\n\`\`\``,
    'The example delivers a store, kills the process after the events are written and before the cursor is stored, and starts it again:',
    '```sh\nnpm run example:siem-feed\n```',
    '## What is guaranteed',
    [
      '- **At least once.** An event is delivered again if the process stops between the events and the cursor. Drop duplicates by `metadata.uid`: it is the same at each delivery, and different for every entry, also for an entry that takes the place of another after a backup was restored.',
      '- **Ordered per record.** The entries of a record come in the order of its trail: `metadata.sequence` counts 1, 2, 3, … for each `unmapped.record`. Between records, sort by `time`.',
      '- **Complete.** Every type of event has a mapping; one without does not compile. An event that was written by a later version is reported as Entity Management: Other.',
      `- **Refusals with their reason.** Every refusal that the trail records (${ruleLink('AUD-03')}) has the reason that the caller did not see (\`status_code\`), its source (\`src_endpoint.ip\`) and user agent, if the host passes \`context\` with each call.`,
      '- **No secrets.** Passwords, codes, names of vault entries and digests of entries or profiles are never in an event. `session.uid` is the name of a session, which is no secret: it cannot be turned into the token of the sign-in. It connects sign-in and sign-out.',
      '- **Little personal data.** An event names who acted and, unless erased, where the call came from. Values of profiles and forms, and remarks, stay in the trail; of a changed profile the event has the names of the fields and the business user groups.',
    ].join('\n'),
    '## What is not covered',
    [
      '- **Copies are not erased.** What the SIEM received before an erasure stays there. `PersonalDataErased` is an event of the feed: let it start the erasure in the SIEM ([Personal data](personal-data.md)).',
      '- **A half-written line.** After a power failure, the last line of the file can be incomplete. `deliver` ends it, and delivers its page again. Let the agent skip a line that is not JSON.',
      '- **Two processes at once** deliver everything twice. Run one.',
      "- **Rotation and transport** of the file are your agent's. Rename the file to rotate it; `deliver` then creates another.",
      '- **Calls that the trail does not record**: malformed input, the rate limit by source, and checks that change nothing. The observer port sees every call.',
      '- **A restored backup** starts the feed over (`restarted`): everything is delivered again.',
      '- **Severity** is ours: Informational for what succeeded, Low for a failed attempt, Medium for a lock, a limit that was reached, a used code that was entered again, and refused administration.',
      '- **OCSF 1.9.** Its draft deprecates Account Change and User Access Management in favour of User Management. The events follow 1.8.0.',
    ].join('\n'),
    '## Fields',
    [
      head('Field', 'From'),
      row('`time`', '`event.at`, milliseconds'),
      row('`metadata.uid`', 'participant, kind and id of the record, `seq` and `operationId`'),
      row('`metadata.original_event_uid`', 'the same without `operationId`: the place of the entry'),
      row('`metadata.event_code`, `.log_version`', '`event.type`, `eventVersion`'),
      row('`metadata.correlation_uid`', '`operationId`: the same for all entries of one operation'),
      row('`metadata.tenant_uid`, `user.org.uid`', 'the participant'),
      row('`metadata.product`', 'the option `product`: your system'),
      row('`user` or `entity`', 'the account, or the record'),
      row('`actor.user`', '`actor`; absent for a caller who was not signed in'),
      row(
        '`src_endpoint`',
        '`context.source`: `ip` for an IP address (`::ffff:192.0.2.1` as `192.0.2.1`), otherwise `name`',
      ),
      row('`http_request`', '`context.requestId` as `uid`, `context.userAgent` as `user_agent`'),
      row(
        '`service.name`',
        'the system that was signed in to, or the product where the event does not name one',
      ),
      row('`status_code`', 'the reason of a refusal or failed attempt'),
      row('`unmapped`', '`rule`, `record`, and what the schema has no field for'),
    ].join('\n'),
    '## Events',
    'The first row of an event that applies decides. `PersonalDataErased`, which can be in any trail, is Entity Management: Update (300403). `ocsfMappings` is this table as data.',
    ...Object.keys(titles).map(table),
  ].join('\n\n')}\n`
