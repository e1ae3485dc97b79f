/** A project as one finds them: pins of some years ago, and one range. */
export const EXAMPLE = `# pins of 2021
flask==1.1.2
requests==2.25.1
jinja2==2.11.3
urllib3<1.27
pyyaml
`;
