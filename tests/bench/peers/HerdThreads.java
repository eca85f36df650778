/*  =========================================================================
    HerdThreads - a server of the herd on Java 17, a thread for each connection

    Each connection has a thread that reads; a neighbour has another one, which
    writes what all of them queue.  What one read brings forth for a client, or
    has been queued for a neighbour, is one write.  The table is a concurrent
    map.  All that does not depend on how bytes come and go is HerdJava's.
    =========================================================================
*/

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.logging.Logger;

public final class HerdThreads {
    private final String name;
    private final String places;
    private final Logger log;
    private final HttpClient web;
    private final Map<String, HerdJava.Location> known =
        new ConcurrentHashMap<>();
    private final Set<Link> links = ConcurrentHashMap.newKeySet();


    //  A TCP connection: lines come and go, and are logged

    abstract class Connection implements Runnable {
        final Socket socket;
        final String who;

        Connection(String kind, Socket socket) throws IOException {
            this.socket = socket;
            socket.setTcpNoDelay(true);
            who = kind + " " + HerdJava.HOST + ":" + socket.getPort();
        }

        abstract void take(String line) throws IOException;

        //  All that has come so far was taken
        void pause() throws IOException {
        }

        @Override
        public void run() {
            note("*", who, "up");
            try (socket) {
                read();
            } catch (IOException e) {
                //  It is gone, one way or the other
            }
            note("*", who, "down");
        }

        private void read() throws IOException {
            var input = socket.getInputStream();
            byte[] bytes = new byte[HerdJava.READ_SIZE];
            String rest = "";
            int size;
            while (rest.length() <= HerdJava.LINE_SIZE_MAX
                && (size = input.read(bytes)) >= 0) {
                String text = rest + new String(bytes, 0, size, ISO_8859_1);
                int start = 0;
                int end;
                while ((end = text.indexOf('\n', start)) >= 0) {
                    hear(text.substring(start, end));
                    start = end + 1;
                }
                rest = text.substring(start);
                pause();
            }
            if (!rest.isEmpty())
                hear(rest);
            pause();
        }

        private void hear(String line) throws IOException {
            note("<", who, line);
            take(line);
        }
    }


    //  A neighbour, whoever called whom

    final class Link extends Connection {
        private final BlockingQueue<String> queue =
            new LinkedBlockingQueue<>();

        Link(Socket socket) throws IOException {
            super("link", socket);
        }

        @Override
        public void run() {
            Thread writer = new Thread(this::write);
            writer.start();
            links.add(this);
            super.run();
            links.remove(this);
            writer.interrupt();
        }

        @Override
        void take(String line) {
            String[] fields = HerdJava.fieldsOf(line);
            if (fields.length != 6 || !fields[0].equals("AT"))
                return;
            HerdJava.Stamp stamp = HerdJava.Stamp.of(fields[5]);
            if (stamp != null && keep(fields[3], stamp, line))
                flood(line, this);
        }

        void say(String line) {
            note(">", who, line);
            queue.add(line);
        }

        private void write() {
            var all = new ByteArrayOutputStream();
            try {
                OutputStream output = socket.getOutputStream();
                while (true) {
                    String line = queue.take();
                    for (; line != null; line = queue.poll())
                        print(all, line);
                    all.writeTo(output);
                    all.reset();
                }
            } catch (IOException | InterruptedException e) {
                //  Who reads will find it closed, or has
            }
        }
    }


    //  A client, for whom its own thread waits until Places answers

    final class Client extends Connection {
        private final ByteArrayOutputStream replies =
            new ByteArrayOutputStream();

        Client(Socket socket) throws IOException {
            super("client", socket);
        }

        @Override
        void take(String line) throws IOException {
            String[] fields = HerdJava.fieldsOf(line);
            if (fields.length == 0)
                return;
            String reply = null;
            if (HerdJava.isCommand("IAMAT", fields, line))
                reply = iamat(fields);
            else if (HerdJava.isCommand("WHATSAT", fields, line))
                reply = whatsat(fields);
            if (reply == null)
                reply = "? " + (line.endsWith("\r")
                    ? line.substring(0, line.length() - 1) : line);
            note(">", who, reply);
            print(replies, reply);
        }

        @Override
        void pause() throws IOException {
            replies.writeTo(socket.getOutputStream());
            replies.reset();
        }
    }

    private static void print(ByteArrayOutputStream output, String line) {
        output.writeBytes(line.getBytes(ISO_8859_1));
        output.write('\n');
    }


    //  What clients and neighbours say

    //  The reply, or null if the command is no good
    private String iamat(String[] fields) {
        HerdJava.Stamp stamp = HerdJava.Stamp.of(fields[3]);
        if (stamp == null || !HerdJava.isPlace(fields[2]))
            return null;
        String at = "AT " + name + " " + stamp.difference() + " " + fields[1]
            + " " + fields[2] + " " + fields[3];
        if (keep(fields[1], stamp, at))
            flood(at, null);
        return at;
    }

    //  The reply, or null if the command is no good
    private String whatsat(String[] fields) {
        HerdJava.Location location = known.get(fields[1]);
        if (location == null || !HerdJava.isQuestion(fields))
            return null;
        String answer = HerdJava.NO_ANSWER;
        try {
            if (places != null)
                answer = HerdJava.cut(web.send(
                    HerdJava.request(places, location.at(), fields),
                    BodyHandlers.ofString(ISO_8859_1)).body(),
                    Integer.parseInt(fields[3]));
        } catch (IOException e) {
            //  That there is none is the answer
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return location.at() + "\n" + answer;
    }

    private boolean keep(String client, HerdJava.Stamp stamp, String at) {
        var given = new HerdJava.Location(stamp, at);
        return known.merge(client, given, (kept, newest) ->
            stamp.isAfter(kept.stamp()) ? newest : kept) == given;
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


    //  Threads

    private HerdThreads(Map<String, List<String>> options) throws IOException {
        name = options.get("--name").get(0);
        places = options.containsKey("--places")
            ? options.get("--places").get(0) : null;
        log = options.containsKey("--log")
            ? HerdJava.open(options.get("--log").get(0)) : null;
        web = places == null ? null : HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1).build();
        listen(options.get("--clients").get(0), true);
        listen(options.get("--mesh").get(0), false);
        for (String link : options.getOrDefault("--link", List.of()))
            new Thread(() -> call(Integer.parseInt(link.split("=")[1])))
                .start();
    }

    private void listen(String port, boolean forClients) throws IOException {
        var listener = new ServerSocket(Integer.parseInt(port),
            HerdJava.BACKLOG, InetAddress.getByName(HerdJava.HOST));
        new Thread(() -> accept(listener, forClients)).start();
    }

    private void accept(ServerSocket listener, boolean forClients) {
        while (true) {
            try {
                Socket socket = listener.accept();
                new Thread(forClients ? new Client(socket) : new Link(socket))
                    .start();
            } catch (IOException e) {
                //  Who called is gone
            }
        }
    }

    //  Keep a link to a neighbour
    private void call(int port) {
        while (true) {
            try {
                new Link(new Socket(HerdJava.HOST, port)).run();
            } catch (IOException e) {
                //  Nobody is there yet
            }
            try {
                Thread.sleep(HerdJava.RETRY_MS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    public static void main(String[] words) throws IOException {
        new HerdThreads(HerdJava.optionsOf(words));
    }
}
