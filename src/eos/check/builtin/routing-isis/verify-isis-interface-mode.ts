import { z } from 'zod'
import { defineVerify } from '../../area/define-verify.ts'
import { mismatch } from '../../finding/mismatch.ts'
import {
  isisInterface,
  isisInterfacesAnswer,
  isisMode,
  judgeIsisInterfaces,
  SHOW_ISIS_INTERFACE_BRIEF,
} from './isis-interface.ts'

/** IS-IS runs on interfaces in the given modes. */
export const verifyIsisInterfaceMode = defineVerify({
  name: 'VerifyISISInterfaceMode',
  summary: 'Verifies in which mode IS-IS runs on interfaces: point-to-point, broadcast or passive.',
  docs:
    'Passes when each interface is of the given type, or passive on its level where that is asked for. Fails for each that ' +
    'IS-IS does not run on, and each in another mode. Skipped where IS-IS is not configured.',
  example: {
    interfaces: [
      { name: 'Loopback0', mode: 'passive' },
      { name: 'Ethernet2', mode: 'passive', level: 2 },
      { name: 'Ethernet1', mode: 'point-to-point', vrf: 'PROD' },
    ],
  },
  input: () =>
    z.strictObject({
      interfaces: z
        .array(isisInterface().extend({ mode: isisMode().describe('How IS-IS must run on it.') }))
        .min(1)
        .describe('The interfaces and their modes.'),
    }),
  commands: () => [SHOW_ISIS_INTERFACE_BRIEF],
  answers: () => [isisInterfacesAnswer()],
  judge: ({ interfaces }, [answer]) =>
    judgeIsisInterfaces(
      interfaces,
      answer,
      (told) => told,
      ({ intfLevels, interfaceType }, { mode, level }) => {
        if (mode !== 'passive') return mismatch('Incorrect interface mode', mode, interfaceType, 'unset')
        return intfLevels?.get(String(level))?.passive === true ? [] : ['Not running in passive mode']
      },
    ),
})
