import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { mismatch } from '../../finding/mismatch.ts'
import { word } from '../../input/words.ts'

/** The switch has the expected role in the adaptive virtual topology. */
export const verifyAvtRole = defineVerify({
  name: 'VerifyAVTRole',
  summary: 'Verifies the role of the switch in the Adaptive Virtual Topology (AVT).',
  docs: 'Passes when the role is the given one. Fails where AVT is not configured.',
  example: { role: 'edge' },
  input: () => z.strictObject({ role: word().describe('Expected role, such as edge or pathfinder.') }),
  commands: () => [{ cmd: 'show adaptive-virtual-topology path' }],
  answers: () => [z.object({ role: z.string().optional() })],
  judge: (input, [{ role }]) => passUnless(mismatch('AVT role mismatch', input.role, role, 'None')),
})
