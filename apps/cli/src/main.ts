// The entry of both commands: the first argument is the name by which the launcher was called.
process.stdout.write(`${process.argv[2]}\n`);
