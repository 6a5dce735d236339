import type { Json, JsonObject } from '../../model/json.ts'
import type { MachineType } from '../../workflow/asl/dialect.ts'

/** The account that runs live in: like every ARN here it is made up. */
const HOME = 'us-east-1:111111111111'
const MACHINE = 'StateMachine'

/** The role that histories name. */
export const ROLE_ARN = 'arn:aws:iam::111111111111:role/StateMachineRole'

/**
 * `Execution` and `StateMachine` of the context object, in the shape that was recorded from AWS: an EXPRESS execution
 * has another ARN and cannot be redriven.
 */
export function executionContext(name: string, input: Json, now: number, type: MachineType): JsonObject {
  const isExpress = type === 'EXPRESS'
  const own = isExpress ? `express:${MACHINE}:${name}:${name}` : `execution:${MACHINE}:${name}`
  return {
    Execution: {
      Id: `arn:aws:states:${HOME}:${own}`,
      Input: input,
      StartTime: new Date(now).toISOString(),
      Name: name,
      RoleArn: ROLE_ARN,
      ...(isExpress ? {} : { RedriveCount: 0 }),
    },
    StateMachine: { Id: `arn:aws:states:${HOME}:stateMachine:${MACHINE}`, Name: MACHINE },
  }
}
