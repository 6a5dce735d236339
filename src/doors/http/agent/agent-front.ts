import type { FrontContext } from '../context/route.ts'

export type AgentFront = Pick<
  FrontContext,
  'app' | 'acts' | 'address' | 'allowance' | 'drift' | 'exitCodeOf' | 'scrub' | 'failed'
>
