/** Runs in a browser what needs neither files nor a server. */
import { trial } from './trial.ts'

Object.assign(globalThis, { trial: () => trial({ stores: [], hashers: [] }) })
