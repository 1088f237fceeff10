throw new Error(
  "@t9k/em runs in Deno, not here: import it as npm:@t9k/em from a script of `deno run`, " +
    "and start its command by `deno run -A npm:@t9k/em/cli`",
);
