// Graphs as pictures: the legend is that of Theano's pydotprint, red is what the CPU does in place.
// SPDX-License-Identifier: MIT
#include <cstdlib>
#include <typegrad/typegrad.hpp>

#include "tests/catch.hpp"
#include "tests/run/data/scratch.hpp"
#include "typegrad/io/json.hpp"
#include "typegrad/views/dot.hpp"
#include "typegrad/views/graph_html.hpp"

using namespace tg;
using tg::test::contains;

namespace {

struct Classifier {
  Var x, W, b, p;
  constexpr explicit Classifier(Scope& s)
      : x{s.input("x", {4})},
        W{s.parameter("W", {3, 4}, Zeros{})},
        b{s.parameter("b", {3}, Zeros{})},
        p{s.named("p", softmax(matmul(W, x) + b))} {}
};
struct Train {
  static constexpr Var define(Scope& s) {
    const Classifier c{s};
    const Var cost = -mean(log(pick(c.p, s.label("y"))));
    for (const Var v : s.parameters()) s.update(v, v - 0.1 * grad(cost, v));
    return cost;
  }
};
// What the plan cannot make in place: another update reads the old value.
struct Swap {
  static constexpr Var define(Scope& s) {
    const Var a = s.shared("a", {4}), b = s.shared("b", {4});
    s.update(a, b * 2);
    s.update(b, a * 3);
    return sum(a);
  }
};
// Nobody but its own update reads a variable.
struct WithVelocity {
  static constexpr Var define(Scope& s) {
    const Var p = s.shared("p", {8}), v = s.shared("v", {8}), g = s.argument("g", {8});
    const Var next = 0.9 * v - g;
    s.update(v, next);
    s.update(p, p + next);
    return sum(g);
  }
};
struct Kinds {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {6});
    (void)s.argument("idle", {2});
    const Var table = s.shared("the \"table\"", {2, 3});
    const Var chosen = where(x > 0, x, x * 2);
    return outputs(reshape(chosen, {2, 3}) + table, slice(chosen, 0, 1, 3));
  }
};
struct Summing {
  static constexpr Next step(Scope&, Var x, Var before) { return next(before + x); }
};
struct Looping {
  static constexpr Var define(Scope& s) {
    const Loop loop = scan<Summing>(s, over(s.input("x", {5, 2})), from(s.constant(0, {2})));
    return loop.states();
  }
};
struct Layered {
  static constexpr Var define(Scope& s) {
    return s.layer<"net", Sequence<Linear<4>, Relu, Linear<2>>>(s.input("x", {3}));
  }
};

// The line of the first node or edge whose text has all of the words.
std::string line_of(const std::string& text, std::initializer_list<std::string> words) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    bool all = true;
    for (const std::string& word : words) all = all && line.find(word) != line.npos;
    if (all) return line;
  }
  return "no such line";
}
int count_of(const std::string& text, const std::string& word) {
  int count = 0;
  for (std::size_t at = 0; (at = text.find(word, at)) != text.npos; at += word.size()) ++count;
  return count;
}

// Every line is one of a digraph's, braces close, and edges join nodes that there are.
bool is_digraph(const std::string& text) {
  std::istringstream lines(text);
  std::string line;
  if (!std::getline(lines, line) || line != "digraph typegrad {") return false;
  int depth = 1;
  for (; std::getline(lines, line);) {
    if (depth == 0) return false;
    if (line.find_first_not_of(' ') == line.npos) return false;
    line.erase(0, line.find_first_not_of(' '));
    if (line == "}") {
      --depth;
    } else if (line.rfind("subgraph ", 0) == 0 && line.back() == '{') {
      ++depth;
    } else if (line.back() != ';') {
      return false;
    } else if (const auto arrow = line.find(" -> "); arrow != line.npos && line[0] == 'n') {
      const std::string from = line.substr(0, arrow);
      const std::string to = line.substr(arrow + 4, line.find(' ', arrow + 4) - arrow - 4);
      for (const std::string& node : {from, to})
        if (text.find(" " + node + " [label=") == text.npos) return false;
    }
  }
  return depth == 0;
}

// The page's graph, read by a reader of our own: nodes and edges that it has.
struct PageGraph {
  int nodes = 0, edges = 0;
};
std::string json_in(const std::string& page) {
  const std::string begin = "id=\"graph\">\n";
  const std::size_t from = page.find(begin) + begin.size();
  return page.substr(from, page.find("\n</script>", from) - from);
}
PageGraph read(const std::string& json) {
  PageGraph result;
  const std::string where = "page";
  io::JsonReader reader(json, where);
  const auto list = [&](const char* name, int& count, auto entry) {
    CHECK(reader.string() == name);
    reader.expect(':');
    reader.expect('[');
    do {
      reader.expect('{');
      entry();
      reader.expect('}');
      ++count;
    } while (reader.take(','));
    reader.expect(']');
  };
  const auto member = [&](const char* name, bool number) {
    CHECK(reader.string() == name);
    reader.expect(':');
    if (number)
      (void)(reader.take('-'), reader.integer());
    else
      (void)reader.string();
  };
  reader.expect('{');
  list("nodes", result.nodes, [&] {
    member("id", true);
    for (const char* name : {"part", "title", "name", "type", "layer", "line", "colour"})
      reader.expect(','), member(name, false);
  });
  reader.expect(',');
  list("edges", result.edges, [&] {
    member("from", true);
    for (const char* name : {"to", "argument"}) reader.expect(','), member(name, true);
    reader.expect(','), member("colour", false);
  });
  reader.expect('}');
  reader.expect_end();
  return result;
}

template <class Definition>
using Compiled = runtime::Compiled<Definition, Purpose::inference, f32>;
template <class Definition>
constexpr int optimised_size = Compiled<Definition>::optimised.size();
template <class Definition>
std::string leaf_name(int leaf) {
  std::string name;
  ir::spell_name(Compiled<Definition>::recording, leaf,
                 [&](std::string_view piece) { name += piece; });
  return name;
}

}  // namespace

TEST_CASE("every picture is a digraph, and Graphviz draws it") {
  const test::Scratch scratch;
  const bool graphviz = std::system("dot -V >/dev/null 2>&1") == 0;
  if (!graphviz) WARN("skipped: Graphviz's dot is not installed");
  for (const std::string& text :
       {dot<Train>(), dot<Train, recorded>(), dot<Train>({.compact = true}), dot<Swap>(),
        dot<Looping>(), dot<Kinds, recorded>({.types = false}),
        dot<Layered, recorded>({.layers = false}), dot<Layered>()}) {
    INFO(text);
    CHECK(is_digraph(text));
    if (!graphviz) continue;
    write_text(scratch.path("a.dot"), text);
    const std::string svg = scratch.path("a.svg");
    CHECK(std::system(("dot -Tsvg -o " + svg + " " + scratch.path("a.dot")).c_str()) == 0);
    CHECK(count_of(scratch.read("a.svg"), "class=\"node\"") == count_of(text, "shape="));
  }
}

TEST_CASE("shapes and colours are those of the legend") {
  const std::string text = dot<Kinds, recorded>();
  const auto has = [&](std::initializer_list<std::string> node, const std::string& what) {
    CHECK_THAT(line_of(text, node), contains(what));
  };
  has({"label=\"x\\n"}, "shape=box, fillcolor=\"green\"");
  has({"label=\"the \\\"table\\\"\\n"}, "shape=box, fillcolor=\"cyan\"");
  has({"label=\"idle\\n"}, "fillcolor=\"grey\"");
  has({"label=\"output 1\""}, "shape=box, fillcolor=\"blue\"");
  has({"Elemwise{switch"}, "shape=ellipse, fillcolor=\"magenta\"");
  has({"Elemwise{mul"}, "shape=ellipse, fillcolor=\"#FFAABB\"");
  has({"label=\"slice"}, "fillcolor=\"#FFAAFF\"");
  has({"label=\"Reshape{2}"}, "fillcolor=\"brown\"");
  CHECK_THAT(dot<Train>(), contains("fillcolor=\"#FFAA22\""));  // a broadcast
  for (const char* of_loop : {"element", "carry", "next", "collect"})
    CHECK_THAT(line_of(dot<Looping>(), {"label=\"" + std::string(of_loop)}),
               contains("shape=ellipse, fillcolor=\"yellow\""));
}

TEST_CASE("edges say which argument and of which type, and are blue where a view is made") {
  const std::string text = dot<Kinds, recorded>();
  CHECK_THAT(text, contains("label=\"1 f32(samples, 6)\""));
  CHECK_THAT(text, contains("label=\"f32(samples, 2, 3)\""));
  const std::string reshape = line_of(text, {"label=\"Reshape{2}"});
  const std::string id = reshape.substr(reshape.find('n'), reshape.find(" [") - reshape.find('n'));
  CHECK_THAT(line_of(text, {" -> " + id + " "}), contains("color=\"blue\""));
  CHECK_THAT(line_of(text, {id + " -> "}), contains("color=\"black\""));
  CHECK_THAT(dot<Kinds>({.types = false}), !contains("f32"));
}

TEMPLATE_TEST_CASE("an edge is red if and only if the CPU's plan overwrites the variable", "",
                   Train, Swap, WithVelocity) {
  // Of each update: does its value lie where the variable does?
  using L = typename runtime::PlanOf<TestType, Purpose::inference, f32>::L;
  int in_place = 0;
  const std::string text = dot<TestType>();
  for (const ir::Node& node : L::graph.nodes) {
    if (node.op != Op::update) continue;
    const int leaf = L::graph[node.operand[0]].attributes[0];
    const cpu::Location& at = L::plan.location[L::sources.operand(node, 1).node];
    const bool expected = at.base == cpu::Base::slot && at.slot == cpu::leaf_slot(leaf);
    in_place += expected;
    INFO(leaf_name<TestType>(leaf) << "\n" << text);
    const std::string value = line_of(text, {"label=\"" + leaf_name<TestType>(leaf) + "\\n"});
    const std::string id = value.substr(value.find('n'), value.find(" [") - value.find('n'));
    CHECK((line_of(text, {" " + id + " -> ", "color=\"red\""}) != "no such line") == expected);
  }
  CHECK(count_of(text, "color=\"red\"") == in_place);
  CHECK(count_of(dot<TestType, recorded>(), "color=\"red\"") == 0);
}

TEST_CASE("both answers occur: in place, and not where others read the old value") {
  CHECK(count_of(dot<WithVelocity>(), "color=\"red\"") == 2);
  CHECK(count_of(dot<Train>(), "color=\"red\"") == 2);  // behind the last sample that reads W and b
  CHECK(count_of(dot<Swap>(), "color=\"red\"") == 1);   // the first is, behind its last reader
}

TEST_CASE("compact pictures leave out constants and unnamed shapes") {
  const std::string whole = dot<Train>(), compact = dot<Train>({.compact = true});
  CHECK_THAT(whole, contains("TensorConstant"));
  CHECK_THAT(whole, contains("broadcast"));
  CHECK_THAT(compact, !contains("TensorConstant"));
  CHECK_THAT(compact, !contains("broadcast"));
  CHECK_THAT(compact, contains("LogSoftmax"));
  CHECK(is_digraph(compact));
}

TEST_CASE("nodes of a layer stand in its frame") {
  const std::string text = dot<Layered, recorded>();
  CHECK_THAT(text, contains("subgraph \"cluster_net.0\""));
  CHECK_THAT(text, contains("subgraph \"cluster_net.2\""));
  CHECK_THAT(dot<Layered>({.layers = false}), !contains("subgraph"));
}

TEST_CASE("a page holds every node of the graph and needs no network") {
  const std::string page = graph_html<Train>();
  CHECK(read(json_in(page)).nodes == optimised_size<Train>);
  CHECK(read(json_in(graph_html<Swap>())).nodes == optimised_size<Swap>);
  const std::string recorded_page = graph_html<Kinds, recorded>();
  CHECK(read(json_in(recorded_page)).nodes == Compiled<Kinds>::recording.graph().size());
  CHECK(read(json_in(page)).edges == count_of(dot<Train>(), " -> "));
  CHECK_THAT(json_in(graph_html<Layered>()), contains("\"layer\": \"net.0\""));
  for (const std::string& text : {page, recorded_page}) {
    CHECK(count_of(text, "http") == count_of(text, "http://www.w3.org/2000/svg"));
    CHECK(count_of(text, "<script") == 2);
    CHECK(count_of(text, "'dblclick'") == 1);  // a label of the reader's own
    CHECK(count_of(text, "</script>") == 2);
    CHECK(json_in(text).find('<') == std::string::npos);
    for (const char* from_elsewhere : {"src=", "href=", "@import", "fetch("})
      CHECK_THAT(text, !contains(from_elsewhere));
  }
}

TEST_CASE("Python reads the page's JSON as we do") {
  if (std::system("python3 -c '' >/dev/null 2>&1") != 0) {
    WARN("skipped: python3 is not installed");
    return;
  }
  const test::Scratch scratch;
  write_text(scratch.path("graph.json"), json_in(graph_html<Train>()));
  const std::string program =
      "import json, sys; g = json.load(open(sys.argv[1])); ids = {n['id'] for n in g['nodes']}; "
      "sys.exit(not (len(ids) == int(sys.argv[2]) and all(e['from'] in ids and e['to'] in ids "
      "for e in g['edges'])))";
  CHECK(std::system(("python3 -c \"" + program + "\" " + scratch.path("graph.json") + " " +
                     std::to_string(optimised_size<Train>))
                        .c_str()) == 0);
}

TEST_CASE("the page's program is JavaScript") {
  if (std::system("node --version >/dev/null 2>&1") != 0) {
    WARN("skipped: node is not installed");
    return;
  }
  const test::Scratch scratch;
  const std::string page = graph_html<Train>(), begin = "<script>\n";
  const std::size_t from = page.find(begin) + begin.size();
  write_text(scratch.path("page.js"), page.substr(from, page.find("\n</script>", from) - from));
  CHECK(std::system(("node --check " + scratch.path("page.js")).c_str()) == 0);
}
