// The theme loads a file of this name, which Debian's copy of it lacks. A table that is wider than the screen scrolls by
// itself, and not the page with it.
document.addEventListener('DOMContentLoaded', function () {
  document.querySelectorAll('.rst-content table').forEach(function (table) {
    table.classList.add('docutils');
    var frame = document.createElement('div');
    frame.className = 'wy-table-responsive';
    table.parentNode.insertBefore(frame, table);
    frame.appendChild(table);
  });
});
