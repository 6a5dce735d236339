import { z } from 'zod'
import { enabledWord } from '../../answer/printed-flag.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { mismatch } from '../../finding/mismatch.ts'
import { byInstance, isisInstance, judgeInstances } from './isis-instance.ts'

/** IS-IS restarts gracefully, and helps its neighbors to, as it should. */
export const verifyIsisGracefulRestart = defineVerify({
  name: 'VerifyISISGracefulRestart',
  summary: 'Verifies graceful restart of IS-IS and its helper (RFC 8706).',
  docs:
    'Passes when graceful restart and its helper are enabled or disabled in each instance as its inputs say. Fails for each ' +
    'instance that is not configured, and each of the two that differs. Skipped where IS-IS is not configured.',
  example: {
    instances: [
      { name: '1', vrf: 'default', graceful_restart: true, graceful_restart_helper: false },
      { name: '2', vrf: 'default' },
      { name: '11', vrf: 'PROD', graceful_restart: true },
    ],
  },
  input: () => z.strictObject({ instances: z.array(isisInstance()).min(1).describe('The instances.') }),
  commands: () => [{ cmd: 'show isis graceful-restart vrf all', revision: 1 }],
  answers: () => [
    byInstance(z.object({ gracefulRestart: z.string().optional(), gracefulRestartHelper: z.string().optional() })),
  ],
  judge: ({ instances }, [answer]) =>
    judgeInstances(instances, answer, (actual, { graceful_restart, graceful_restart_helper }, name) => {
      if (actual === undefined) return [`${name} - Not configured`]
      const { gracefulRestart, gracefulRestartHelper } = actual
      return [
        ...mismatch(
          `${name} - Incorrect graceful restart state`,
          enabledWord(graceful_restart),
          gracefulRestart,
          'None',
        ),
        ...mismatch(
          `${name} - Incorrect graceful restart helper state`,
          enabledWord(graceful_restart_helper),
          gracefulRestartHelper,
          'None',
        ),
      ]
    }),
})
