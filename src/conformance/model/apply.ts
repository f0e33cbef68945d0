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
import type { Expected, Operation, World } from './world.ts'

/** Applies an operation to the world with the library's deciders, and returns the expected outcome. */
export const applyOperation = (world: World, operation: Operation): Expected => {
  switch (operation.op) {
    case 'createAccount':
      return createAccount(world, operation)
    case 'setStatus':
    case 'unlock':
    case 'deleteAccount':
      return administer(world, operation)
    case 'setMaximum':
      return setMaximum(world, operation)
    case 'requestPasswordCode':
      return requestPasswordCode(world, operation)
    case 'confirmPasswordCode':
      return confirmPasswordCode(world, operation)
    case 'setPassword':
      return setPassword(world, operation)
    case 'beginSignIn':
      return beginSignIn(world, operation)
    case 'confirmOtp':
      return confirmOtp(world, operation)
    case 'resendCode':
    case 'cancelSignIn':
      return onChallenge(world, operation)
    case 'chooseChannel':
      return chooseChannel(world, operation)
    case 'confirmChannel':
      return confirmChannel(world, operation)
    case 'checkSession':
    case 'changeDevice':
    case 'changePassword':
      return inSession(world, operation)
    case 'proposeUserId':
      return proposeUserId(world, operation)
    case 'enterRequest':
    case 'amendRequest':
      return enterRequest(world, operation)
    case 'withdrawRequest':
      return withdrawRequest(world, operation)
    case 'getAuthorisationCode':
      return getAuthorisationCode(world, operation)
    case 'confirmRequest':
      return confirmRequest(world, operation)
  }
}
