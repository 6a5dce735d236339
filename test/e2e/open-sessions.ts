import type { Lab } from '../lab/lab.ts'

/** The config sessions that are open on leaf1, by what is behind the prefix of their execution. */
export const openOnLeaf1 = ({ fabric }: Lab): readonly string[] =>
  fabric
    .device('leaf1')
    .switch.sessions.all()
    .flatMap(({ name, state }) =>
      state === 'pending' || state === 'armed' ? [name.replace(/^eosflow-[^-]+-/, 'S-')] : [],
    )
