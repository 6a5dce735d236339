import { runThread } from './load-program.ts'

// The record is verified when this is loaded.
if (!runThread('verify')) await import('./thread/verify.ts')
