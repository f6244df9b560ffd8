package org.imagediet.budget;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PathTreeTest {

  @Test
  @DisplayName("an image of nothing but folders counts every byte and does not fill the memory")
  void bounded() {
    PathTree tree = new PathTree(1);
    for (int i = 0; i < 50_000; i++) {
      tree.add("/a%1$d/b%1$d/c%1$d/d%1$d/e%1$d/f%1$d".formatted(i), 1);
    }
    tree.add("/a7/b7/c7/d7/e7/g", 1);
    assertThat(tree.root().now).isEqualTo(50_001);
    assertThat(nodes(tree.root())).isEqualTo(200_001);
    PathTree.Node seventh =
        tree.root().children().stream().filter(n -> n.path().equals("/a7")).findFirst().get();
    assertThat(seventh.now).isEqualTo(2);
  }

  private static int nodes(PathTree.Node node) {
    return 1 + node.children().stream().mapToInt(PathTreeTest::nodes).sum();
  }
}
