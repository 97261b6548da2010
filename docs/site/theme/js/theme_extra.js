// The theme loads a file of this name, which Debian's copy of it lacks.
// A table that is wider than the screen scrolls by itself, and not the page with it. On a telephone its rows become cards:
// so each cell knows what stands at the head of its column.
document.addEventListener('DOMContentLoaded', function () {
  document.querySelectorAll('.rst-content table').forEach(function (table) {
    var heads = Array.from(table.querySelectorAll('thead th')).map(function (head) { return head.textContent.trim(); });
    table.querySelectorAll('tbody tr').forEach(function (row) {
      Array.from(row.cells).forEach(function (cell, column) {
        if (column > 0 && heads[column]) cell.dataset.head = heads[column];
      });
    });
    // Long names may break behind their signs, and nowhere else.
    table.querySelectorAll('td code').forEach(function (code) {
      code.innerHTML = code.innerHTML.replace(/([_\/.,])(?=\w)/g, '$1<wbr>');
    });
    table.classList.add('docutils');
    var frame = document.createElement('div');
    frame.className = 'wy-table-responsive';
    table.parentNode.insertBefore(frame, table);
    frame.appendChild(table);
  });
});
