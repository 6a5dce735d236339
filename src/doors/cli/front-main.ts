import { runThread } from './load-program.ts'

// The front begins when this is loaded.
if (!runThread('front')) await import('./thread/front.ts')
