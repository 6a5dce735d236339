import { VirtualClock } from '../../src/trial/virtual-clock.ts'
import { MapStore } from './map-store.ts'
import { asAlice, KEY } from './sqlite/open-for-test.ts'
import { describeStore } from './store-contract.ts'

describeStore('[F41] maps', async (clock = new VirtualClock()) => asAlice(new MapStore(clock, KEY)))
