package org.imagediet.cli;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.imagediet.archive.ReadOptions;
import org.imagediet.archive.TransferSizes;
import org.imagediet.engine.Caches;
import org.imagediet.image.ContainerImage;
import org.imagediet.report.InspectReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "inspect",
    description = {
      "Prints everything that can be read from an image: sizes, layers, files, users, programs,"
          + " packages, certificates.",
      "An archive (docker save, OCI layout; plain, gzip or zstd) needs no engine."
    },
    mixinStandardHelpOptions = true)
final class InspectCommand implements Callable<Integer> {

  @Parameters(paramLabel = "IMAGE|FILE.tar", description = "An image's name or an archive.")
  private String subject = "";

  @Option(names = "--json", description = "Print JSON, with every file.")
  private boolean json;

  @Option(names = "--files", description = "List every file.")
  private boolean files;

  @Option(names = "--file", paramLabel = "PATH", description = "Tell how this file is linked.")
  private List<String> named = List.of();

  @Option(names = "--name", description = "Which image, of an archive with several.")
  private Optional<String> name = Optional.empty();

  @Option(names = "--platform", description = "Which platform, such as linux/arm64.")
  private Optional<String> platform = Optional.empty();

  @Option(names = "--no-transfer", description = "Leave out the transfer size, which takes time.")
  private boolean noTransfer;

  @Override
  public Integer call() throws IOException {
    InspectReport report = new InspectReport(read(), named, files);
    if (json) {
      report.writeJson(System.out);
      return 0;
    }
    System.out.print(report.text());
    return 0;
  }

  private ContainerImage read() {
    ReadOptions options = ReadOptions.defaults();
    if (!noTransfer) {
      options = options.transferSizes(TransferSizes.in(Caches.file("transfer-sizes.json")));
    }
    if (platform.isPresent()) {
      options = options.platform(platform.get());
    }
    return new ImageSource(subject).read(name, options);
  }
}
