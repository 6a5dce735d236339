import type { FrontContext } from '../context/front-context.ts'

/** What agents are answered with: of the front what their tools need, on its thread or in the process of `eosflow mcp`. */
export type AgentFront = Pick<
  FrontContext,
  'app' | 'acts' | 'address' | 'allowance' | 'drift' | 'exitCodeOf' | 'scrub' | 'failed'
>
