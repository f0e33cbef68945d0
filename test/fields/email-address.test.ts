/** Email addresses: which texts are one, how they are written for SMTP, and which name the same mailbox. */
import { describe, expect, test } from 'vitest'
import {
  emailAddress,
  isSameAddress,
  isSameMailbox,
  parseEmailAddress,
} from '../../src/fields/email-address.ts'

/** A domain of more than 248 characters: four labels of 61, and the rest. */
const domainOf = (length: number) => `${'b'.repeat(61)}.`.repeat(4) + 'c'.repeat(length - 4 * 62)

describe('FLD-01 · an email address', () => {
  test.each([
    ['an ordinary one', 'chan@bank.example', 'chan@bank.example', false],
    [
      'every symbol of a dot-atom',
      "!#$%&'*+/=?^_`{|}~-@bank.example",
      "!#$%&'*+/=?^_`{|}~-@bank.example",
      false,
    ],
    ['several parts before the @', 'chan.tai.man@bank.example', 'chan.tai.man@bank.example', false],
    ['one character before the @', 'a@bank.example', 'a@bank.example', false],
    ['a domain in capitals', 'Chan@BANK.Example', 'Chan@bank.example', false],
    ['a label of one character', 'chan@b.hk', 'chan@b.hk', false],
    ['labels with digits and hyphens', 'chan@3-d.bank-1.e2e', 'chan@3-d.bank-1.e2e', false],
    ['a last label that starts with digits', 'chan@bank.123a', 'chan@bank.123a', false],
    ['a last label of one letter', 'chan@bank.x', 'chan@bank.x', false],
    ['an international domain', 'chan@證券.香港', 'chan@xn--zcr140l.xn--j6w193g', false],
    ['a domain in a script with marks', 'chan@बैंक.भारत', 'chan@xn--i1b2bwdrf.xn--h2brj9c', false],
    ['digits of another script', 'chan@bank١.example', 'chan@xn--bank-efg.example', false],
    ['an international local part', '陳大文@bank.example', '陳大文@bank.example', true],
    ['a local part in a script with marks', 'बैंक@bank.example', 'बैंक@bank.example', true],
    ['a composed letter', 'jos\u00e9@bank.example', 'jos\u00e9@bank.example', true],
    ['a letter and its accent', 'jose\u0301@bank.example', 'jos\u00e9@bank.example', true],
    ['64 octets before the @', `${'a'.repeat(64)}@bank.example`, `${'a'.repeat(64)}@bank.example`, false],
    ['254 octets', `a@${domainOf(252)}`, `a@${domainOf(252)}`, false],
  ])('is %s', (_, text, wire, needsSmtpUtf8) => {
    const at = wire.lastIndexOf('@')
    const [local, domain] = [wire.slice(0, at), wire.slice(at + 1)]
    expect(parseEmailAddress(text)).toEqual({ local, domain, wire, needsSmtpUtf8 })
  })

  test.each([
    ['no text', 5],
    ['missing', undefined],
    ['empty', ''],
    ['without an @', 'bank.example'],
    ['without a local part', '@bank.example'],
    ['without a domain', 'chan@'],
    ['two at once', 'a@b@bank.example'],
    ['with a dot first', '.chan@bank.example'],
    ['with a dot before the @', 'chan.@bank.example'],
    ['with two dots together', 'chan..tai@bank.example'],
    ['with a blank', 'chan tai@bank.example'],
    ['quoted', '"chan"@bank.example'],
    ['with a bracket', 'chan(hk)@bank.example'],
    ['with a symbol beyond ASCII', '☃chan@bank.example'],
    ['with a symbol after letters', 'chan☃@bank.example'],
    ['with an invisible character', 'chan\u200b@bank.example'],
    ['with a variation selector', '葛\u{e0100}@bank.example'],
    ['with a variation selector in the domain', 'chan@葛\u{e0100}.example'],
    ['with an unpaired surrogate in the domain', 'chan@ba\ud800nk.example'],
    ['at a domain of one label', 'chan@localhost'],
    ['at an IP address', 'chan@127.0.0.1'],
    ['at a bracketed IP address', 'chan@[127.0.0.1]'],
    ['at a number that URLs read as an IP address', 'chan@1.2'],
    ['at a domain with a path', 'chan@bank.example/x'],
    ['at a domain with a port', 'chan@bank.example:25'],
    ['at a domain with a password', 'chan@x:y.example'],
    ['at a domain with a blank before it', 'chan@ bank.example'],
    ['at a domain with a percent sign', 'chan@%62ank.example'],
    ['at a domain with an underscore', 'chan@my_bank.example'],
    ['at a domain with a symbol', 'chan@ba☃nk.example'],
    ['at a domain with an empty label', 'chan@bank..example'],
    ['at a domain with a final dot', 'chan@bank.example.'],
    ['at a label with a hyphen first', 'chan@-bank.example'],
    ['at a label with a hyphen last', 'chan@bank-.example'],
    ['at a last label with a hyphen last', 'chan@bank.example-'],
    ['at a label of 64 characters', `chan@${'b'.repeat(64)}.example`],
    ['at a last label of 64 characters', `chan@bank.${'e'.repeat(64)}`],
    ['at a domain that IDNA does not allow', 'chan@xn--a.example'],
    ['with 65 octets before the @', `${'a'.repeat(65)}@bank.example`],
    ['with 66 octets in 22 characters before the @', `${'陳'.repeat(22)}@bank.example`],
    ['of 255 octets', `a@${domainOf(253)}`],
    [
      'of 255 octets once its domain is in ASCII',
      `${'a'.repeat(64)}@${[50, 50, 48].map((length) => `${'b'.repeat(length)}.`).join('')}${'證券'.repeat(10)}.example`,
    ],
    ['of 255 characters, though of fewer octets in normalisation form C', `u\u0308\u0304@${domainOf(251)}`],
  ])('is not %s', (_, text) => {
    expect(parseEmailAddress(text)).toBeUndefined()
    expect(emailAddress.safeParse(text).success).toBe(false)
  })
})

describe('ESV-15 · two addresses name the same mailbox', () => {
  test.each([
    ['if they are equal', 'chan@bank.example', 'chan@bank.example', true],
    ['regardless of letter case', 'Chan@bank.example', 'cHAN@BANK.example', true],
    ['regardless of normalisation', 'jos\u00e9@bank.example', 'jose\u0301@bank.example', true],
    ['regardless of letter case beyond ASCII', 'JOS\u00c9@bank.example', 'jos\u00e9@bank.example', true],
    ['in both spellings of a domain', 'chan@證券.香港', 'chan@xn--zcr140l.xn--j6w193g', true],
    ['but not with ss for ß', 'straße@bank.example', 'strasse@bank.example', false],
    ['but not with another local part', 'chan@bank.example', 'cheung@bank.example', false],
    ['but not at another domain', 'chan@bank.example', 'chan@bank2.example', false],
    ['nor if they are different texts that are no address', 'Chan', 'Cheung', false],
    ['but so do equal texts that are no address, regardless of letter case', 'Chan', 'chan', true],
    ['but not an address and another text', 'chan@bank.example', 'chan', false],
  ])('%s', (_, one, other, expected) => {
    expect([isSameMailbox(one, other), isSameMailbox(other, one)]).toEqual([expected, expected])
  })
})

describe('ESV-10 · two addresses are equal', () => {
  test.each([
    ['if they are the same text', 'chan@bank.example', 'chan@bank.example', true],
    ['regardless of ASCII letter case', 'CHAN@Bank.example', 'chan@bank.EXAMPLE', true],
    ['but not with other letters', 'chan@bank.example', 'chen@bank.example', false],
    ['but not with a look-alike', 'kim@bank.example', '\u212aim@bank.example', false],
    ['but not in another normalisation', 'jos\u00e9@bank.example', 'jose\u0301@bank.example', false],
    ['but not in another case beyond ASCII', 'JOS\u00c9@bank.example', 'jos\u00e9@bank.example', false],
    ['but not in another spelling of the domain', 'chan@證券.香港', 'chan@xn--zcr140l.xn--j6w193g', false],
  ])('%s', (_, one, other, expected) => {
    expect([isSameAddress(one, other), isSameAddress(other, one)]).toEqual([expected, expected])
  })
})
