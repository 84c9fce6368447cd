// The page that shows a graph: everything but the graph itself.
// SPDX-License-Identifier: MIT
#pragma once
#include <string_view>

namespace tg::views {

// Before the graph, which follows as JSON:
// {"nodes": [{id, part, title, name, type, layer, line, colour}], "edges": [{from, to, argument,
// colour}]}.
inline constexpr std::string_view graph_page_begin = R"html(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>graph</title>
<style>
  html, body { margin: 0; height: 100%; font: 13px sans-serif; overflow: hidden; }
  svg { width: 100%; height: 100%; cursor: grab; }
  text { pointer-events: none; text-anchor: middle; }
  .edge { fill: none; stroke-width: 1.4; }
  .node { cursor: pointer; }
  .node ellipse, .node rect { stroke: #444; }
  .node.near ellipse, .node.near rect { stroke: #000; stroke-width: 3; }
  .faded { opacity: 0.15; }
  aside { position: fixed; top: 8px; max-height: 92%; overflow: auto; background: #fffe;
          border: 1px solid #bbb; border-radius: 4px; padding: 8px; max-width: 24em; }
  #layers { left: 8px; }
  #details { right: 8px; white-space: pre-wrap; }
  label { display: block; }
</style>
</head>
<body>
<svg id="picture"><g id="view"></g></svg>
<aside id="layers"><b>Layers</b> (unticked: one box)</aside>
<aside id="details">Wheel: zoom. Drag: move a node or the picture. Hover: details. Double click: a label of your own.</aside>
<script type="application/json" id="graph">
)html";

// Behind it.
inline constexpr std::string_view graph_page_end = R"html(
</script>
<script>
'use strict';
const graph = JSON.parse(document.getElementById('graph').textContent);
const byId = new Map(graph.nodes.map(node => [node.id, node]));
const view = document.getElementById('view'), picture = document.getElementById('picture');
const details = document.getElementById('details');
const folded = new Set();  // layers that are shown as one box
const labels = new Map();  // names that the reader gave, by the keys of what is shown
const place = { x: 0, y: 0, scale: 1 };
const rowHeight = 80, gap = 24;

function svg(tag, attributes, parent) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return parent ? parent.appendChild(element) : element;
}

// The outermost folded layer that a node is in: "3" holds "3" and "3.0".
function foldOf(node) {
  const levels = node.layer ? node.layer.split('.') : [];
  for (let i = 1; i <= levels.length; ++i) {
    const path = levels.slice(0, i).join('.');
    if (folded.has(path)) return path;
  }
  return null;
}

// What is shown: nodes and folded layers, and each edge between two of them once.
function visible() {
  const shown = new Map(), edges = new Map();
  const keyOf = id => { const fold = foldOf(byId.get(id)); return fold === null ? 'n' + id : 'l' + fold; };
  for (const node of graph.nodes) {
    const key = keyOf(node.id), fold = foldOf(node);
    if (!shown.has(key))
      shown.set(key, fold === null ? { ...node, key } :
        { key, part: 'layer', title: fold, name: '', type: '', layer: fold, colour: '#e8e8e8', members: 0 });
    if (fold !== null) ++shown.get(key).members;
  }
  for (const edge of graph.edges) {
    const from = keyOf(edge.from), to = keyOf(edge.to);
    if (from !== to) edges.set(from + '>' + to + edge.colour, { ...edge, from: shown.get(from), to: shown.get(to) });
  }
  for (const [key, label] of labels) if (shown.has(key)) shown.get(key).name = label;
  return { nodes: [...shown.values()], edges: [...edges.values()] };
}

// Rows by the longest way from a leaf; leaves just above their first reader; within a row by the
// mean place of the neighbours, a few sweeps down and up. A folded layer may close a circle: the
// number of rounds is bounded.
function arrange({ nodes, edges }) {
  for (const node of nodes) {
    node.row = 0;
    node.above = edges.filter(edge => edge.to === node).map(edge => edge.from);
    node.below = edges.filter(edge => edge.from === node).map(edge => edge.to);
    node.width = 20 + 7.5 * Math.max(node.title.length, node.name.length, 4);
  }
  const ways = edges.filter(edge => edge.colour !== 'red');
  for (let round = 0, changed = true; changed && round < nodes.length; ++round) {
    changed = false;
    for (const { from, to } of ways)
      if (to.row <= from.row) { to.row = from.row + 1; changed = true; }
  }
  for (const node of nodes)
    if (node.above.length === 0 && node.below.length > 0)
      node.row = Math.max(0, Math.min(...node.below.map(reader => reader.row)) - 1);
  const rows = [];
  for (const node of nodes) (rows[node.row] = rows[node.row] || []).push(node);
  const filled = rows.filter(row => row);
  filled.forEach((row, number) => { row.forEach(node => { node.y = number * rowHeight; }); spread(row); });
  for (let sweep = 0; sweep < 6; ++sweep)
    for (const row of sweep % 2 ? [...filled].reverse() : filled) {
      for (const node of row) {
        const near = sweep % 2 ? node.below : node.above;
        node.wish = near.length ? near.reduce((sum, other) => sum + other.x, 0) / near.length : node.x;
      }
      row.sort((a, b) => a.wish - b.wish);
      spread(row);
    }
}

// One beside the other, around the mean of what they wish.
function spread(row) {
  const total = row.reduce((sum, node) => sum + node.width + gap, -gap);
  const middle = row.reduce((sum, node) => sum + (node.wish || 0), 0) / row.length;
  let x = middle - total / 2;
  for (const node of row) { node.x = x + node.width / 2; x += node.width + gap; }
}

function edgePath({ from, to }) {
  const [x, y, u, v] = [from.x, from.y + 16, to.x, to.y - 16], bend = (v - y) / 2;
  return `M${x},${y} C${x},${y + bend} ${u},${v - bend} ${u},${v}`;
}

function nodeElement(node) {
  const group = svg('g', { class: 'node' });
  if (node.part === 'operation')
    svg('ellipse', { rx: node.width / 2, ry: 18, fill: node.colour }, group);
  else
    svg('rect', { x: -node.width / 2, y: -16, width: node.width, height: 32, rx: node.part === 'layer' ? 10 : 0,
                  fill: node.colour }, group);
  const lines = node.name && node.name !== node.title ? [node.title, node.name] : [node.title];
  lines.forEach((line, i) => {
    svg('text', { y: 4 + 12 * i - 6 * (lines.length - 1), fill: node.colour === 'blue' ? 'white' : 'black' },
        group).textContent = line;
  });
  return group;
}

function describe(node, edges) {
  const label = other => other.name && other.name !== other.title ? `${other.title} (${other.name})` : other.title;
  const list = (title, all) => all.length ? `\n\n${title}\n` + all.map(line => '  ' + line).join('\n') : '';
  const type = node.part === 'layer' ? `\na layer of ${node.members} nodes` : `\n${node.type}`;
  return label(node) + type + (node.layer ? `\nlayer ${node.layer}` : '') +
    (node.line ? `\nwritten at ${node.line}` : '') +
    list('reads', edges.filter(edge => edge.to === node).map(edge =>
      (edge.argument >= 0 ? edge.argument + ': ' : '') + label(edge.from) + ' ' + edge.from.type +
      (edge.colour === 'red' ? ', and overwrites it' : edge.colour === 'blue' ? ', as a view' : ''))) +
    list('is read by', edges.filter(edge => edge.from === node).map(edge => label(edge.to)));
}

function draw() {
  const shown = visible();
  arrange(shown);
  view.replaceChildren();
  for (const edge of shown.edges)
    edge.element = svg('path', { class: 'edge', stroke: edge.colour, 'marker-end': `url(#${arrow(edge.colour)})` }, view);
  const move = node => {
    node.element.setAttribute('transform', `translate(${node.x},${node.y})`);
    for (const edge of shown.edges)
      if (edge.from === node || edge.to === node) edge.element.setAttribute('d', edgePath(edge));
  };
  for (const node of shown.nodes) node.element = view.appendChild(nodeElement(node));
  for (const node of shown.nodes) {
    move(node);
    node.element.addEventListener('pointerenter', () => {
      details.textContent = describe(node, shown.edges);
      for (const edge of shown.edges)
        edge.element.classList.toggle('faded', edge.from !== node && edge.to !== node);
      node.element.classList.add('near');
    });
    node.element.addEventListener('pointerleave', () => {
      for (const edge of shown.edges) edge.element.classList.remove('faded');
      node.element.classList.remove('near');
    });
    node.element.addEventListener('dblclick', () => {
      const label = prompt(`A label for ${node.title}`, node.name);
      if (label !== null) { labels.set(node.key, label); draw(); }
    });
    drag(node.element, (dx, dy) => { node.x += dx / place.scale; node.y += dy / place.scale; move(node); });
  }
}

function arrow(colour) {
  const id = 'arrow-' + colour;
  if (!document.getElementById(id)) {
    const marker = svg('marker', { id, markerWidth: 8, markerHeight: 8, refX: 7, refY: 3, orient: 'auto' },
                       svg('defs', {}, picture));
    svg('path', { d: 'M0,0 L7,3 L0,6 z', fill: colour }, marker);
  }
  return id;
}

function drag(element, moved) {
  element.addEventListener('pointerdown', event => {
    event.stopPropagation();
    let [x, y] = [event.clientX, event.clientY];
    const move = next => { moved(next.clientX - x, next.clientY - y); [x, y] = [next.clientX, next.clientY]; };
    const stop = () => { window.removeEventListener('pointermove', move); window.removeEventListener('pointerup', stop); };
    window.addEventListener('pointermove', move);
    window.addEventListener('pointerup', stop);
  });
}

function show() {
  view.setAttribute('transform', `translate(${place.x},${place.y}) scale(${place.scale})`);
}

// The whole picture in the window.
function fit() {
  const box = view.getBBox();
  place.scale = Math.min(1.5, picture.clientWidth / (box.width + 40), picture.clientHeight / (box.height + 40));
  place.x = (picture.clientWidth - box.width * place.scale) / 2 - box.x * place.scale;
  place.y = (picture.clientHeight - box.height * place.scale) / 2 - box.y * place.scale;
  show();
}

function listLayers() {
  const paths = new Set();
  for (const { layer } of graph.nodes)
    if (layer) layer.split('.').forEach((_, i, levels) => paths.add(levels.slice(0, i + 1).join('.')));
  const list = document.getElementById('layers');
  list.hidden = paths.size === 0;
  for (const path of [...paths].sort((a, b) => a.localeCompare(b, undefined, { numeric: true }))) {
    const label = list.appendChild(document.createElement('label'));
    const box = label.appendChild(document.createElement('input'));
    box.type = 'checkbox';
    box.checked = true;
    box.addEventListener('change', () => { folded[box.checked ? 'delete' : 'add'](path); draw(); });
    label.append(' ' + path);
  }
}

drag(picture, (dx, dy) => { place.x += dx; place.y += dy; show(); });
picture.addEventListener('wheel', event => {
  event.preventDefault();
  const factor = Math.exp(-event.deltaY / 500);
  place.x = event.clientX - (event.clientX - place.x) * factor;
  place.y = event.clientY - (event.clientY - place.y) * factor;
  place.scale *= factor;
  show();
}, { passive: false });
listLayers();
draw();
fit();
</script>
</body>
</html>
)html";

}  // namespace tg::views
