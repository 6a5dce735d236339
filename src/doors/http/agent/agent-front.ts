import type { FrontContext } from '../context/front-context.ts'

export type AgentFront = Pick<
  FrontContext,
  'app' | 'acts' | 'address' | 'allowance' | 'drift' | 'exitCodeOf' | 'scrub' | 'failed'
>
