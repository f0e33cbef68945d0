import {
  beginSignIn,
  chooseChannel,
  confirmChannel,
  confirmOtp,
  confirmPasswordCode,
  inSession,
  onChallenge,
  requestPasswordCode,
  setPassword,
} from './account-operations.ts'
import { administer, createAccount, setMaximum } from './administration.ts'
import {
  confirmRequest,
  enterRequest,
  getAuthorisationCode,
  proposeUserId,
  withdrawRequest,
} from './maker-and-checker.ts'
import type { Expected, ModelState, Operation } from './model-state.ts'

/** Applies an operation to the model with the library's deciders, and returns the expected outcome. */
export const applyOperation = (model: ModelState, operation: Operation): Expected => {
  switch (operation.op) {
    case 'createAccount':
      return createAccount(model, operation)
    case 'setStatus':
    case 'unlock':
    case 'deleteAccount':
      return administer(model, operation)
    case 'setMaximum':
      return setMaximum(model, operation)
    case 'requestPasswordCode':
      return requestPasswordCode(model, operation)
    case 'confirmPasswordCode':
      return confirmPasswordCode(model, operation)
    case 'setPassword':
      return setPassword(model, operation)
    case 'beginSignIn':
      return beginSignIn(model, operation)
    case 'confirmOtp':
      return confirmOtp(model, operation)
    case 'resendCode':
    case 'cancelSignIn':
      return onChallenge(model, operation)
    case 'chooseChannel':
      return chooseChannel(model, operation)
    case 'confirmChannel':
      return confirmChannel(model, operation)
    case 'checkSession':
    case 'changeDevice':
    case 'changePassword':
      return inSession(model, operation)
    case 'proposeUserId':
      return proposeUserId(model, operation)
    case 'enterRequest':
    case 'amendRequest':
      return enterRequest(model, operation)
    case 'withdrawRequest':
      return withdrawRequest(model, operation)
    case 'getAuthorisationCode':
      return getAuthorisationCode(model, operation)
    case 'confirmRequest':
      return confirmRequest(model, operation)
  }
}
