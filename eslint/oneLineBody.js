/**
 * A body of one statement goes on the line of its `if`, `else`, `for` or `while`, without braces, when it
 * fits. `curly` asks for braces everywhere else, so that each body has exactly one form.
 */
const lineWidth = 100;

/** The one statement of a braced body, when nothing stands in the way of writing it in the line above. */
function onlyStatement(body, source) {
  if (body.type !== "BlockStatement") return body;
  const [statement, second] = body.body;
  if (!statement || second || source.getCommentsInside(body).length > 0) return undefined;
  const simple = /^(Expression|Return|Throw|Continue|Break)Statement$/.test(statement.type);
  return simple && statement.loc.start.line === statement.loc.end.line ? statement : undefined;
}

/** Every body of a chain of `if … else if … else`, each with the token that stands before it. */
function bodiesOf(node, source) {
  if (node.type !== "IfStatement") return [node.body];
  const { consequent, alternate } = node;
  if (!alternate) return [consequent];
  return [
    consequent,
    ...(alternate.type === "IfStatement" ? bodiesOf(alternate, source) : [alternate]),
  ];
}

/** @type {import("eslint").Rule.RuleModule} */
export const oneLineBody = {
  meta: {
    type: "layout",
    fixable: "code",
    schema: [],
    messages: { braces: "This body fits on one line: write it there, without braces." },
  },
  create(context) {
    const source = context.sourceCode;
    const check = (node) => {
      if (node.parent.type === "IfStatement" && node.parent.alternate === node) return;
      const bodies = bodiesOf(node, source);
      const statements = bodies.map((body) => onlyStatement(body, source));
      const fits = (statement, index) => {
        if (!statement || statement.loc.start.line !== statement.loc.end.line) return false;
        const before = source.getTokenBefore(bodies[index]);
        const braced = source.lines[before.loc.end.line - 1].slice(0, before.loc.end.column);
        const opensOnItsLine =
          before.loc.start.line === (index === 0 ? node.loc.start.line : before.loc.start.line);
        // An `else` leaves the line of the brace before it.
        const head = index === 0 ? braced : braced.replace(/^(\s*)\} else/, "$1else");
        return opensOnItsLine && head.length + 1 + source.getText(statement).length <= lineWidth;
      };
      if (!bodies.some((body) => body.type === "BlockStatement")) return;
      if (!statements.every(fits)) return;
      context.report({
        node: bodies[0],
        messageId: "braces",
        fix: (fixer) =>
          bodies.map((body, index) => fixer.replaceText(body, source.getText(statements[index]))),
      });
    };
    return {
      IfStatement: check,
      ForStatement: check,
      ForOfStatement: check,
      ForInStatement: check,
      WhileStatement: check,
    };
  },
};
