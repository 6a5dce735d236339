import { PINNED_ACTIONS, pinned } from '../ci/pinned-actions.ts'

export const CI = `# Tests the workflows in every pull request and shows what a change would do, without a switch: all on fabrics/dc1.
# EOSFLOW_PACKAGE is what \`npm install\` takes: a tarball of \`npm pack\`, a Git address, a name in your registry.
name: network
on: [pull_request]
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    permissions: { contents: read }
    steps:
      - uses: ${pinned(PINNED_ACTIONS.checkout)}
        with: { persist-credentials: false }
      - uses: ${pinned(PINNED_ACTIONS.setupNode)}
        with: { node-version: 24 }
      - run: npm install --global "$EOSFLOW_PACKAGE"
        env: { EOSFLOW_PACKAGE: '\${{ vars.EOSFLOW_PACKAGE }}' }
      - run: eosflow validate
      - run: eosflow test --junit test-results.xml
      - run: >-
          eosflow plan workflows/add-vlan.yaml -p vlan=140 -p label=PROD-CACHE
          --offline fabrics/dc1 --markdown >> "$GITHUB_STEP_SUMMARY"
`
