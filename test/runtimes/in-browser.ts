/** In a browser: what needs neither a file nor a server. */
import { trial } from './trial.ts'

Object.assign(globalThis, { trial: () => trial({ stores: [], hashers: [] }) })
