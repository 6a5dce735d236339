import { passUnless } from '../../../../model/verdict.ts'
import { ipInterfaceBriefAnswer, SHOW_IP_INTERFACE_BRIEF } from '../../answer/show-ip-interface-brief.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { ipInterfaceFaults } from './ip-interface-faults.ts'

/** Every VLAN interface is up. */
export const verifySvi = defineVerify({
  name: 'VerifySVI',
  summary: 'Verifies that all VLAN interfaces (SVIs) are up.',
  docs: 'Passes when every VLAN interface with an IPv4 address is connected and its line protocol up.',
  commands: () => [SHOW_IP_INTERFACE_BRIEF],
  answers: () => [ipInterfaceBriefAnswer()],
  judge: (_input, [{ interfaces }]) =>
    passUnless(
      [...interfaces].flatMap(([name, told]) =>
        name.startsWith('Vlan') ? ipInterfaceFaults(`SVI: ${name}`, told) : [],
      ),
    ),
})
