/*  =========================================================================
    HerdJava - a server of the herd on Java 17

    One thread with a selector does everything but ask Places, which is left to
    java.net.http; java.util.logging keeps the log.  What one turn of the loop
    brings forth for a connection is one write.  Text is Latin-1, which any
    bytes survive.
    =========================================================================
*/

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.StringTokenizer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.FileHandler;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

public final class HerdJava {
    static final String HOST = "127.0.0.1";
    static final int BACKLOG = 4096;
    static final int READ_SIZE = 65536;
    static final int LINE_SIZE_MAX = 65536;
    static final long RETRY_MS = 100;
    static final Duration TIMEOUT = Duration.ofSeconds(5);
    static final String BLANKS = " \t\r\n\f\u000b";
    static final Pattern PLACE =
        Pattern.compile("([+-]\\d+(?:\\.\\d+)?)([+-]\\d+(?:\\.\\d+)?)");
    static final Pattern STAMP = Pattern.compile("(\\d{1,15})(?:\\.(\\d+))?");
    static final Pattern RADIUS = Pattern.compile("\\d+(?:\\.\\d+)?");
    static final Pattern BOUND = Pattern.compile("0*\\d{1,2}");
    static final String NO_ANSWER = """
        {
           "error_message" : "The Places service did not answer.",
           "html_attributions" : [],
           "results" : [],
           "status" : "UNKNOWN_ERROR"
        }
        """;

    private final String name;
    private final String places;
    private final Logger log;
    private final Selector selector = Selector.open();
    private final ByteBuffer bytes = ByteBuffer.allocateDirect(READ_SIZE);
    private final Map<String, Location> known = new HashMap<>();
    private final Set<Link> links = new HashSet<>();
    private final Set<Connection> dirty = new HashSet<>();
    private final Map<Integer, Long> calls = new HashMap<>();
    private final Queue<Runnable> answered = new ConcurrentLinkedQueue<>();
    private HttpClient web;


    //  A POSIX time in seconds and nanoseconds
    record Stamp(long seconds, int nanoseconds) {
        static Stamp of(String text) {
            Matcher match = STAMP.matcher(text);
            if (!match.matches())
                return null;
            String fraction = match.group(2);
            int nanoseconds = 0;
            for (int i = 0; i < 9; i++) {
                boolean given = fraction != null && i < fraction.length();
                nanoseconds *= 10;
                nanoseconds += given ? fraction.charAt(i) - '0' : 0;
            }
            return new Stamp(Long.parseLong(match.group(1)), nanoseconds);
        }

        boolean isAfter(Stamp other) {
            return seconds != other.seconds ? seconds > other.seconds
                : nanoseconds > other.nanoseconds;
        }

        //  By how much our clock is ahead, with sign and nine decimals
        String difference() {
            Instant now = Instant.now();
            long ahead = now.getEpochSecond() - seconds;
            long rest = now.getNano() - nanoseconds;
            boolean behind = ahead < 0 || ahead == 0 && rest < 0;
            if (behind) {
                ahead = -ahead;
                rest = -rest;
            }
            if (rest < 0) {
                ahead--;
                rest += 1_000_000_000;
            }
            String decimals = Long.toString(1_000_000_000 + rest).substring(1);
            return (behind ? "-" : "+") + ahead + "." + decimals;
        }
    }

    record Location(Stamp stamp, String at) {
    }


    //  A TCP connection: lines come and go, and are logged

    abstract class Connection {
        final SocketChannel channel;
        final SelectionKey key;
        final String who;
        private String rest = "";
        private final ByteArrayOutputStream output =
            new ByteArrayOutputStream();
        private ByteBuffer sending;
        boolean ended;

        Connection(String kind, SocketChannel channel) throws IOException {
            this.channel = channel;
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            key = channel.register(selector, SelectionKey.OP_READ, this);
            var from = (InetSocketAddress) channel.getRemoteAddress();
            who = kind + " " + HOST + ":" + from.getPort();
            note("*", who, "up");
        }

        abstract void take(String line);

        //  May it be closed, now that nothing more comes?
        boolean isDone() {
            return true;
        }

        void read() throws IOException {
            bytes.clear();
            int size = channel.read(bytes);
            if (size < 0) {
                end();
                return;
            }
            byte[] copy = new byte[size];
            bytes.flip().get(copy);
            String text = rest + new String(copy, ISO_8859_1);
            int start = 0;
            int end;
            while ((end = text.indexOf('\n', start)) >= 0) {
                hear(text.substring(start, end));
                start = end + 1;
            }
            rest = text.substring(start);
            if (rest.length() > LINE_SIZE_MAX)
                close();
        }

        private void hear(String line) {
            note("<", who, line);
            take(line);
        }

        private void end() throws IOException {
            ended = true;
            key.interestOps(0);
            if (!rest.isEmpty())
                hear(rest);
            dirty.add(this);
        }

        void say(String text) {
            note(">", who, text);
            output.writeBytes(text.getBytes(ISO_8859_1));
            output.write('\n');
            dirty.add(this);
        }

        void flush() throws IOException {
            while (sending != null || output.size() > 0) {
                if (sending == null) {
                    sending = ByteBuffer.wrap(output.toByteArray());
                    output.reset();
                }
                channel.write(sending);
                if (sending.hasRemaining()) {
                    key.interestOpsOr(SelectionKey.OP_WRITE);
                    return;
                }
                sending = null;
            }
            key.interestOpsAnd(~SelectionKey.OP_WRITE);
            if (ended && isDone())
                close();
        }

        void close() {
            try {
                channel.close();
            } catch (IOException e) {
                //  It is gone, one way or the other
            }
            note("*", who, "down");
        }
    }


    //  A neighbour, whoever called whom

    final class Link extends Connection {
        private final Integer called;

        Link(SocketChannel channel, Integer called) throws IOException {
            super("link", channel);
            this.called = called;
            links.add(this);
        }

        @Override
        void take(String line) {
            String[] fields = fieldsOf(line);
            if (fields.length != 6 || !fields[0].equals("AT"))
                return;
            Stamp stamp = Stamp.of(fields[5]);
            if (stamp != null && keep(fields[3], stamp, line))
                flood(line, this);
        }

        @Override
        void close() {
            super.close();
            links.remove(this);
            if (called != null)
                callLater(called);
        }
    }


    //  A client.  Replies leave in the order of the commands: once one waits
    //  for Places, what follows queues up behind it

    final class Client extends Connection {
        private final Queue<CompletableFuture<String>> queue =
            new ArrayDeque<>();

        Client(SocketChannel channel) throws IOException {
            super("client", channel);
        }

        @Override
        boolean isDone() {
            return queue.isEmpty();
        }

        @Override
        void take(String line) {
            String[] fields = fieldsOf(line);
            if (fields.length == 0)
                return;
            if (isCommand("WHATSAT", fields, line)) {
                CompletableFuture<String> answer = whatsat(fields);
                if (answer != null) {
                    queue.add(answer);
                    answer.thenRun(() -> later(this::drain));
                    return;
                }
            }
            String reply = null;
            if (isCommand("IAMAT", fields, line))
                reply = iamat(fields);
            if (reply == null)
                reply = "? " + (line.endsWith("\r")
                    ? line.substring(0, line.length() - 1) : line);
            if (queue.isEmpty())
                say(reply);
            else
                queue.add(CompletableFuture.completedFuture(reply));
        }

        private void drain() {
            while (!queue.isEmpty() && queue.peek().isDone())
                say(queue.remove().join());
        }
    }


    //  What clients and neighbours say

    static String[] fieldsOf(String line) {
        StringTokenizer words = new StringTokenizer(line, BLANKS);
        String[] fields = new String[words.countTokens()];
        for (int i = 0; i < fields.length; i++)
            fields[i] = words.nextToken();
        return fields;
    }

    static boolean isCommand(String command, String[] fields, String line) {
        return fields.length == 4 && fields[0].equals(command)
            && line.indexOf('\0') < 0;
    }

    static boolean isPlace(String text) {
        Matcher match = PLACE.matcher(text);
        return match.matches()
            && Math.abs(Double.parseDouble(match.group(1))) <= 90
            && Math.abs(Double.parseDouble(match.group(2))) <= 180;
    }

    //  The reply, or null if the command is no good
    private String iamat(String[] fields) {
        Stamp stamp = Stamp.of(fields[3]);
        if (stamp == null || !isPlace(fields[2]))
            return null;
        String at = "AT " + name + " " + stamp.difference() + " " + fields[1]
            + " " + fields[2] + " " + fields[3];
        if (keep(fields[1], stamp, at))
            flood(at, null);
        return at;
    }

    //  The reply to come, or null if the command is no good
    private CompletableFuture<String> whatsat(String[] fields) {
        Location location = known.get(fields[1]);
        if (location == null || !isQuestion(fields))
            return null;
        if (places == null)
            return CompletableFuture.completedFuture(
                location.at + "\n" + NO_ANSWER);
        int bound = Integer.parseInt(fields[3]);
        return web.sendAsync(request(places, location.at, fields),
                BodyHandlers.ofString(ISO_8859_1))
            .thenApply(response -> cut(response.body(), bound))
            .exceptionally(error -> NO_ANSWER)
            .thenApply(answer -> location.at + "\n" + answer);
    }

    static boolean isQuestion(String[] fields) {
        return RADIUS.matcher(fields[2]).matches()
            && Double.parseDouble(fields[2]) <= 50
            && BOUND.matcher(fields[3]).matches()
            && Integer.parseInt(fields[3]) <= 20;
    }

    //  What Places is asked of a client that is there
    static HttpRequest request(String places, String at, String[] fields) {
        Matcher place = PLACE.matcher(fieldsOf(at)[4]);
        place.matches();
        return HttpRequest.newBuilder(URI.create(places
                + "?location=" + place.group(1) + "," + place.group(2)
                + "&radius=" + Double.parseDouble(fields[2]) * 1000))
            .timeout(TIMEOUT).build();
    }

    //  Java brings no JSON: the text is cut behind the last result wanted, by
    //  counting brackets outside strings
    static String cut(String json, int bound) {
        int start = json.indexOf('[', json.indexOf("\"results\"")) + 1;
        int keep = start;
        int count = 0;
        int depth = 1;
        boolean inside = false;
        int at = start;
        for (; depth > 0; at++) {
            char letter = json.charAt(at);
            if (inside) {
                if (letter == '\\')
                    at++;
                else
                    inside = letter != '"';
            } else if (letter == '"') {
                inside = true;
            } else if (letter == '{' || letter == '[') {
                depth++;
            } else if (letter == '}' || letter == ']') {
                depth--;
                if (letter == '}' && depth == 1 && ++count <= bound)
                    keep = at + 1;
            }
        }
        String answer = json.substring(0, keep) + json.substring(at - 1);
        return answer.replaceAll("\n+", "\n").strip() + "\n";
    }

    private boolean keep(String client, Stamp stamp, String at) {
        Location kept = known.get(client);
        if (kept != null && !stamp.isAfter(kept.stamp))
            return false;
        known.put(client, new Location(stamp, at));
        return true;
    }

    private void flood(String at, Link source) {
        for (Link link : links) {
            if (link != source)
                link.say(at);
        }
    }

    private void note(String sign, String who, String text) {
        if (log != null)
            log.info(sign + " " + who + " " + text);
    }


    //  The loop

    private HerdJava(Map<String, List<String>> options) throws IOException {
        name = options.get("--name").get(0);
        places = options.containsKey("--places")
            ? options.get("--places").get(0) : null;
        log = options.containsKey("--log")
            ? open(options.get("--log").get(0)) : null;
        if (places != null)
            web = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1).build();
        listen(options.get("--clients").get(0), "client");
        listen(options.get("--mesh").get(0), "link");
        for (String link : options.getOrDefault("--link", List.of()))
            calls.put(Integer.valueOf(link.split("=")[1]), 0L);
    }

    static Logger open(String file) throws IOException {
        FileHandler handler = new FileHandler(file, true);
        handler.setFormatter(new Formatter() {
            @Override
            public String format(LogRecord record) {
                return record.getInstant() + " " + record.getMessage() + "\n";
            }
        });
        Logger log = Logger.getAnonymousLogger();
        log.setUseParentHandlers(false);
        log.addHandler(handler);
        return log;
    }

    private void listen(String port, String kind) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        channel.bind(new InetSocketAddress(HOST, Integer.parseInt(port)),
            BACKLOG);
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_ACCEPT, kind);
    }

    private void callLater(int port) {
        calls.put(port, System.currentTimeMillis() + RETRY_MS);
    }

    private void call(int port) throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.connect(new InetSocketAddress(HOST, port));
        channel.register(selector, SelectionKey.OP_CONNECT, port);
    }

    private void later(Runnable runnable) {
        answered.add(runnable);
        selector.wakeup();
    }

    private void accept(SelectionKey key) throws IOException {
        var listener = (ServerSocketChannel) key.channel();
        SocketChannel channel;
        while ((channel = listener.accept()) != null) {
            if (key.attachment().equals("client"))
                new Client(channel);
            else
                new Link(channel, null);
        }
    }

    private void connect(SelectionKey key) throws IOException {
        var channel = (SocketChannel) key.channel();
        Integer port = (Integer) key.attachment();
        try {
            channel.finishConnect();
            new Link(channel, port);
        } catch (IOException e) {
            channel.close();
            callLater(port);
        }
    }

    private void serve(SelectionKey key) {
        try {
            if (key.isAcceptable())
                accept(key);
            else if (key.isConnectable())
                connect(key);
            else {
                Connection connection = (Connection) key.attachment();
                if (key.isReadable())
                    connection.read();
                if (key.isValid() && key.isWritable())
                    dirty.add(connection);
            }
        } catch (IOException e) {
            if (key.attachment() instanceof Connection connection)
                connection.close();
        }
    }

    private void flushAll() {
        for (Connection connection : new ArrayList<>(dirty)) {
            try {
                if (connection.channel.isOpen())
                    connection.flush();
            } catch (IOException e) {
                connection.close();
            }
        }
        dirty.clear();
    }

    private void run() throws IOException {
        while (true) {
            long now = System.currentTimeMillis();
            for (int port : new ArrayList<>(calls.keySet())) {
                if (calls.get(port) <= now) {
                    calls.remove(port);
                    call(port);
                }
            }
            selector.select(this::serve, calls.isEmpty() ? 0 : RETRY_MS);
            Runnable runnable;
            while ((runnable = answered.poll()) != null)
                runnable.run();
            flushAll();
        }
    }

    static Map<String, List<String>> optionsOf(String[] words) {
        Map<String, List<String>> options = new HashMap<>();
        for (int i = 0; i + 1 < words.length; i += 2)
            options.computeIfAbsent(words[i], key -> new ArrayList<>())
                .add(words[i + 1]);
        return options;
    }

    public static void main(String[] words) throws IOException {
        new HerdJava(optionsOf(words)).run();
    }
}
