/**
 * Lint rules of our own, for what no built-in rule can say. Keep it to rules that need no type information; everything
 * else belongs in `.oxlintrc.json`.
 */
const catchAllNames = /^(utils?|helpers?|common|misc|shared|lib|base|manager|constants|interfaces|types|dtos?)$/;

/** A pure function is told what time it is: `new Date(epochMs)` converts, `new Date()` reads the clock. */
const noAmbientClock = {
  create(context) {
    const report = (node) => context.report({ node, message: "Reads the clock. Take the time as an argument." });
    return {
      NewExpression(node) {
        if (node.callee.name === "Date" && node.arguments.length === 0) report(node);
      },
      CallExpression(node) {
        if (node.callee.name === "Date") report(node);
      },
    };
  },
};

/** Files and folders are named after their subject, never after being a place where things pile up. */
const subjectNames = {
  create(context) {
    return {
      Program(node) {
        const path = context.filename.slice(context.cwd.length + 1).split(/[\\/]/);
        for (const part of path) {
          const name = part.replace(/(\.(test|int|e2e|spec|module|service|controller))*\.[a-z]+$/, "");
          if (catchAllNames.test(name)) {
            context.report({ node, message: `"${part}" says nothing about its subject. Name what it is about.` });
          }
        }
      },
    };
  },
};

export default {
  meta: { name: "switchyard" },
  rules: { "no-ambient-clock": noAmbientClock, "subject-names": subjectNames },
};
