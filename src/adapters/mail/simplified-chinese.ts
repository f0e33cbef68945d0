import type { CodePurpose } from '../../otp/email-code.ts'
import type { CredentialChange } from '../../ports/mailer.ts'
import { eserviceStatus } from './eservice-status.ts'
import { duration, hongKongTime } from './locale.ts'
import type { Wording } from './mail-content.ts'

const locale = 'zh-Hans'

const purposes: Readonly<Record<CodePurpose, string>> = {
  'sign-in': '登录',
  password: '设置密码',
  enrolment: '设置以电邮接收一次性密码',
}

const changes: Readonly<Record<CredentialChange, string>> = {
  'password-set': '您的账户已设置密码。',
  'password-changed': '您的账户密码已更改。',
  'password-reset': '您的账户密码已通过“忘记／重设密码”重设。',
  'channel-set': '您的账户已设置一次性密码（OTP）的接收方式。',
  'channel-changed': '您的账户已更改一次性密码（OTP）的接收方式。',
  'reset-by-administrator':
    '您的账户已被解锁或重设。原有的密码及一次性密码（OTP）接收方式已经失效；请在下次登录时重新设置。',
  'email-changed': '您的账户的登记电邮地址已被更换或移除。',
}

const report =
  '用户请通知所属机构的授权管理员（Delegated Administrator）；授权管理员请通知香港交易所。请使用您已有的联系方式，切勿使用任何信息中提供的联系方式。'
const noLinks = '本邮件不含任何链接或附件。我们不会以邮件要求您登录或提供密码。'

/**
 * The mails in Chinese, in simplified characters.
 *
 * @rule ACC-17
 */
export const simplifiedChinese: Wording = {
  code: ({ userId, purpose, code, validSeconds }) => ({
    locale,
    subject: 'CCASS/CCMS：您的一次性密码',
    opening: `您用于${purposes[purpose]}的一次性密码：`,
    code,
    facts: [
      ['用户号码', userId],
      ['有效时间', `${duration(validSeconds, locale)}，只能使用一次；新的密码会取代此密码`],
    ],
    closing: [
      '请只在您提出请求的页面输入。香港交易所及您所属机构的任何人均不会向您索取此密码；切勿转告他人。',
      `如您没有请求密码，切勿使用。${report}`,
    ],
  }),
  'account-locked': ({ userId, at }) => ({
    locale,
    subject: 'CCASS/CCMS：您的账户已被锁定',
    opening: '由于登录失败次数过多，您的账户已被锁定。',
    facts: [
      ['用户号码', userId],
      ['锁定时间', hongKongTime(at, locale)],
    ],
    closing: [
      '如需解锁，用户请联系所属机构的授权管理员（Delegated Administrator）；授权管理员请通过 eService DA 3 提出申请。',
      `如非您本人所为：${report}`,
      noLinks,
    ],
  }),
  'enrolment-blocked': ({ userId, purpose, until, at }) => ({
    locale,
    subject: 'CCASS/CCMS：设置暂时被封锁',
    opening: `由于请求验证码次数过多，或输入错误验证码次数过多，${purpose === 'password' ? '设置或重设密码' : '设置 OTP 途径'}暂时被封锁。`,
    facts: [
      ['用户号码', userId],
      ['封锁时间', hongKongTime(at, locale)],
      ['可再次设置时间', hongKongTime(until, locale)],
    ],
    closing: [
      '如需提早解除，用户请联系所属机构的授权管理员（Delegated Administrator）解锁；授权管理员请通过 eService DA 3 提出申请。',
      `如非您本人所为：${report}`,
      noLinks,
    ],
  }),
  'credential-changed': ({ userId, change, at }) => ({
    locale,
    subject: 'CCASS/CCMS：您账户的安全设置已更改',
    opening: changes[change],
    facts: [
      ['用户号码', userId],
      ['更改时间', hongKongTime(at, locale)],
    ],
    closing: ['如您知悉此事，无须采取任何行动。', `如非您预期：${report}`, noLinks],
  }),
  eservice: ({ reference, form, participant, status, notification, processedBy, at }) => {
    const forAction = notification === 'for-action'
    return {
      locale,
      subject: `eService ${reference}：${forAction ? '请您处理' : '供您参考'}`,
      opening: forAction
        ? '有一份 eService 正等待您在 Client Connect 处理。'
        : '供您参考：一份 eService 的状态已更新。',
      facts: [
        ['参考编号', reference],
        ['eService', form],
        ['参与者', participant],
        ['状态', eserviceStatus(status, locale)],
        ['处理人', processedBy],
        ['处理时间', hongKongTime(at, locale)],
      ],
      closing: [noLinks],
    }
  },
}
