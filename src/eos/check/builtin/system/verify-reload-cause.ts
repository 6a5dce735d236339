import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { printed } from '../../answer/printed.ts'
import { defineVerify } from '../../area/define-verify.ts'

/** Reload causes in EOS's words, and the short ones that a catalog may use (ANTA documentation, VerifyReloadCause). */
const CAUSES: Readonly<Record<string, string>> = {
  USER: 'Reload requested by the user.',
  FPGA: 'Reload requested after FPGA upgrade',
  ZTP: 'System reloaded due to Zero Touch Provisioning',
  USER_HITLESS: 'Hitless reload requested by the user.',
}

const cause = () =>
  z
    .string()
    .transform((written) => CAUSES[written.toUpperCase()] ?? written)
    .refine((one) => Object.values(CAUSES).includes(one), {
      error: `expected a reload cause: ${Object.keys(CAUSES).join(', ')}`,
    })

/** The last reload had one of the causes that are allowed. */
export const verifyReloadCause = defineVerify({
  name: 'VerifyReloadCause',
  summary: 'Verifies that the last reload of the switch had a cause that is allowed.',
  docs: 'Passes when the switch knows of no reload, or the cause of the last one is allowed. Without any answer about causes it is an error.',
  example: { allowed_causes: ['USER', 'FPGA', 'ZTP', 'USER_HITLESS'] },
  input: () =>
    z.strictObject({
      allowed_causes: z
        .array(cause())
        .default([CAUSES.USER, CAUSES.FPGA].flatMap((one) => one ?? []))
        .describe('Causes of a reload that are allowed: USER, FPGA, ZTP, USER_HITLESS.'),
    }),
  commands: () => [{ cmd: 'show reload cause', revision: 1 }],
  answers: () => [z.object({ resetCauses: z.array(z.object({ description: z.string().optional() })) })],
  judge: ({ allowed_causes }, [{ resetCauses }]) => {
    const [last] = resetCauses
    if (last === undefined || isAllowed(last.description, allowed_causes)) return passUnless([])
    const expected = allowed_causes.map((one) => `'${one}'`).join(', ')
    return passUnless([`Invalid reload cause -  Expected: ${expected} Actual: '${printed(last.description)}'`])
  },
})

function isAllowed(description: string | undefined, causes: readonly string[]): boolean {
  return description !== undefined && causes.includes(description)
}
