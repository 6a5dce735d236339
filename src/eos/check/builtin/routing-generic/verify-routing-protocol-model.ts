import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { defineVerify } from '../../area/define-verify.ts'

/** The routing protocol model is configured and in operation. */
export const verifyRoutingProtocolModel = defineVerify({
  name: 'VerifyRoutingProtocolModel',
  summary: 'Verifies the routing protocol model that is configured and operates.',
  docs:
    'Passes when the given model is configured and operates. Fails when another is configured, and when another still ' +
    'operates because the switch was not reloaded.',
  example: { model: 'multi-agent' },
  input: () =>
    z.strictObject({
      model: z.enum(['multi-agent', 'ribd']).default('multi-agent').describe('The model.'),
    }),
  commands: () => [{ cmd: 'show ip route summary', revision: 3 }],
  answers: () => [
    z.object({
      protoModelStatus: z.object({ configuredProtoModel: z.string(), operatingProtoModel: z.string() }),
    }),
  ],
  judge: ({ model }, [{ protoModelStatus }]) => {
    const { configuredProtoModel: configured, operatingProtoModel: operating } = protoModelStatus
    return passUnless(
      configured === model && operating === model
        ? []
        : [`Routing model is misconfigured - Expected: ${model} Actual: ${operating}`],
    )
  },
})
