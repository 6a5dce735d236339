/** An example of a pipeline that shows the plan of a change in its pull request, computed without a switch. */
export const CI = `# Shows in every pull request what a change would do, without a switch: the plan is computed from fabrics/dc1.
# EOSFLOW_PACKAGE is what \`npm install\` takes: a tarball of \`npm pack\`, a Git address, a name in your registry.
name: network
on: [pull_request]
jobs:
  plan:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - uses: actions/setup-node@v5
        with: { node-version: 22 }
      - run: npm install --global "$EOSFLOW_PACKAGE"
        env: { EOSFLOW_PACKAGE: '\${{ vars.EOSFLOW_PACKAGE }}' }
      - run: eosflow validate
      - run: >-
          eosflow plan workflows/add-vlan.yaml -p vlan=140 -p label=PROD-CACHE
          --offline fabrics/dc1 --markdown >> "$GITHUB_STEP_SUMMARY"
`
