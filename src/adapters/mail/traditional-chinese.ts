import type { CodePurpose } from '../../otp/email-code.ts'
import type { CredentialChange } from '../../ports/mailer.ts'
import { eserviceStatus } from './eservice-status.ts'
import { duration, hongKongTime } from './locale.ts'
import type { Wording } from './mail-content.ts'

const locale = 'zh-Hant'

const purposes: Readonly<Record<CodePurpose, string>> = {
  'sign-in': '登錄',
  password: '設定密碼',
  enrolment: '設定以電郵接收一次性密碼',
}

const changes: Readonly<Record<CredentialChange, string>> = {
  'password-set': '閣下的帳戶已設定密碼。',
  'password-changed': '閣下的帳戶密碼已更改。',
  'password-reset': '閣下的帳戶密碼已透過「忘記／重設密碼」重設。',
  'channel-set': '閣下的帳戶已設定一次性密碼（OTP）的接收方式。',
  'channel-changed': '閣下的帳戶已更改一次性密碼（OTP）的接收方式。',
  'reset-by-administrator':
    '閣下的帳戶已被解鎖或重設。原有的密碼及一次性密碼（OTP）接收方式已經失效；請於下次登錄時重新設定。',
  'email-changed': '閣下的帳戶的登記電郵地址已被更換或移除。',
}

const report =
  '用戶請通知所屬機構的授權管理員（Delegated Administrator）；授權管理員請通知香港交易所。請使用閣下已有的聯絡方式，切勿使用任何訊息中提供的聯絡方式。'
const noLinks = '本電郵不含任何連結或附件。我們不會以電郵要求閣下登錄或提供密碼。'

/**
 * The mails in Chinese, in traditional characters.
 *
 * @rule ACC-17
 */
export const traditionalChinese: Wording = {
  code: ({ userId, purpose, code, validSeconds }) => ({
    locale,
    subject: 'CCASS/CCMS：閣下的一次性密碼',
    opening: `閣下用作${purposes[purpose]}的一次性密碼：`,
    code,
    facts: [
      ['用戶號碼', userId],
      ['有效時間', `${duration(validSeconds, locale)}，只可使用一次；新的密碼會取代此密碼`],
    ],
    closing: [
      '請只在閣下提出要求的頁面輸入。香港交易所及閣下所屬機構的任何人均不會向閣下索取此密碼；切勿轉告他人。',
      `如閣下並無要求密碼，切勿使用。${report}`,
    ],
  }),
  'account-locked': ({ userId, at }) => ({
    locale,
    subject: 'CCASS/CCMS：閣下的帳戶已被鎖定',
    opening: '由於登錄失敗次數過多，閣下的帳戶已被鎖定。',
    facts: [
      ['用戶號碼', userId],
      ['鎖定時間', hongKongTime(at, locale)],
    ],
    closing: [
      '如需解鎖，用戶請聯絡所屬機構的授權管理員（Delegated Administrator）；授權管理員請經 eService DA 3 提出申請。',
      `如非閣下本人所為：${report}`,
      noLinks,
    ],
  }),
  'enrolment-blocked': ({ userId, purpose, until, at }) => ({
    locale,
    subject: 'CCASS/CCMS：設定暫時被封鎖',
    opening: `由於要求驗證碼次數過多，或輸入錯誤驗證碼次數過多，${purpose === 'password' ? '設定或重設密碼' : '設定 OTP 途徑'}暫時被封鎖。`,
    facts: [
      ['用戶號碼', userId],
      ['封鎖時間', hongKongTime(at, locale)],
      ['可再次設定時間', hongKongTime(until, locale)],
    ],
    closing: [
      '如需提早解除，用戶請聯絡所屬機構的授權管理員（Delegated Administrator）解鎖；授權管理員請經 eService DA 3 提出申請。',
      `如非閣下本人所為：${report}`,
      noLinks,
    ],
  }),
  'credential-changed': ({ userId, change, at }) => ({
    locale,
    subject: 'CCASS/CCMS：閣下帳戶的保安設定已更改',
    opening: changes[change],
    facts: [
      ['用戶號碼', userId],
      ['更改時間', hongKongTime(at, locale)],
    ],
    closing: ['如閣下知悉此事，無須採取任何行動。', `如非閣下預期：${report}`, noLinks],
  }),
  eservice: ({ reference, form, participant, status, notification, processedBy, at }) => {
    const forAction = notification === 'for-action'
    return {
      locale,
      subject: `eService ${reference}：${forAction ? '請閣下處理' : '供閣下參考'}`,
      opening: forAction
        ? '有一份 eService 正等待閣下於 Client Connect 處理。'
        : '供閣下參考：一份 eService 的狀態已更新。',
      facts: [
        ['參考編號', reference],
        ['eService', form],
        ['參與者', participant],
        ['狀態', eserviceStatus(status, locale)],
        ['處理人', processedBy],
        ['處理時間', hongKongTime(at, locale)],
      ],
      closing: [noLinks],
    }
  },
}
